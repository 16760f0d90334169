// Any octets as the messages of each mechanism of SASL, to its server and to its client. The first
// octet of the input chooses the mechanism and the side; behind it messages stand, parted by 0xFF,
// which no UTF-8 has.

#include <string>
#include <vector>

#include "properties/choices.hpp"
#include "properties/parsing.hpp"
#include "sansmtp/sasl/anonymous.hpp"
#include "sansmtp/sasl/cram_md5.hpp"
#include "sansmtp/sasl/digest_md5_client.hpp"
#include "sansmtp/sasl/digest_md5_server.hpp"
#include "sansmtp/sasl/external.hpp"
#include "sansmtp/sasl/login.hpp"
#include "sansmtp/sasl/oauthbearer.hpp"
#include "sansmtp/sasl/plain.hpp"
#include "sansmtp/sasl/scram_client.hpp"
#include "sansmtp/sasl/scram_server.hpp"
#include "sansmtp/sasl/security_layer.hpp"
#include "sansmtp/sasl/xoauth2.hpp"

using properties::require;
using sansmtp::iteration_bounds;

namespace {

using messages = std::vector<std::string>;

constexpr iteration_bounds few{1, 8};  // the work of a hash is not what is looked at here
constexpr sansmtp::channel_binding binding{sansmtp::channel_binding::tls_exporter, "data"};
constexpr std::string_view nonce = "0123456789";

template <class Result>
void judged(const Result& given, std::string_view message) {
  if (!given) properties::located(given.error(), message);
}

// A message in clear is read as what it would be written as, and its reader's state is spent by it.
template <class Server>
void hears_one(const messages& said) {
  Server server;
  sansmtp::output_buffer<64> out;
  require(server.challenge(out) && out.empty(), "a client that speaks first is asked nothing");
  bool first = true;
  for (const std::string& message : said) {
    const auto taken = server.take(message);
    judged(taken, message);
    require(first || !taken, "there is one message");
    require(server.done() == (first ? taken.has_value() : server.done()), "which decides");
    if (taken) {
      if constexpr (requires(sansmtp::writer::draft d) { taken->put(d); }) {
        const std::string again = properties::put_by([&](sansmtp::writer::draft& d) { taken->put(d); });
        const auto back = std::remove_cvref_t<decltype(*taken)>::parse(again);
        require(back.has_value(), "what was read can be written and read again");
        require(properties::put_by([&](sansmtp::writer::draft& d) { back->put(d); }) == again, "alike");
      }
    }
    first = false;
  }
}

void hears_login(const messages& said) {
  sansmtp::login_server server;
  std::size_t good = 0;
  for (const std::string& message : said) {
    sansmtp::output_buffer<64> out;
    const bool over = server.done();
    require(!over || !server.challenge(out), "behind both nothing is asked");
    const auto taken = server.take(message);
    judged(taken, message);
    if (!taken) return require(!server.done() || over, "a fault ends it");
    require(taken->has_value() == (++good == 2) && server.done() == (good == 2), "two responses are both");
    if (good == 2)
      require(taken->value().user == said[0] && taken->value().passwd.reveal() == said[1], "as they were sent");
  }
}

void hears_cram(const messages& said) {
  sansmtp::cram_md5_server server("<1.2@mx.example>");
  sansmtp::output_buffer<64> out;
  require(server.challenge(out).has_value(), "the challenge is due");
  for (const std::string& message : said) {
    const auto taken = server.take(message);
    judged(taken, message);
    if (!taken) return require(!server.done(), "a fault ends it");
    const bool right = server.verify(*taken, sansmtp::secret("secret")).has_value();
    require(right == server.done(), "done is proven");
    require(!server.take(message), "there is one try");
  }
}

template <class Server>
void hears_scram(const messages& said) {
  using hash = std::conditional_t<std::is_same_v<Server, sansmtp::scram_sha_1_server>, sansmtp::sha1, sansmtp::sha256>;
  Server server(
      {.plus_offered = false, .bindings = std::span<const sansmtp::channel_binding>(&binding, 1), .iterations = few});
  static sansmtp::scram_keys<hash> keys;
  static const bool derived = keys.derive(sansmtp::secret("pencil"), "salt", 2, few).has_value();
  require(derived, "keys");
  std::size_t step = 0;
  for (const std::string& message : said) {
    const auto taken = server.take(message);
    judged(taken, message);
    require(server.done() == (taken && step == 2), "three good messages, and no fewer, are done");
    if (!taken) return;
    sansmtp::output_buffer<1024> out;
    if (step == 0) {
      require(!taken->authcid.empty(), "somebody is named");
      if (!server.challenge(keys.credentials("salt", 2), nonce, out)) return;
      const auto first = sansmtp::scram_server_first::parse(out.written(), few);
      require(first && first->nonce.substr(first->nonce.size() - nonce.size()) == nonce,
              "a challenge is a server-first");
    }
    if (step == 1)
      require(server.challenge(out) && sansmtp::scram_server_final::parse(out.written()), "and a proof a server-final");
    ++step;
  }
}

void hears_digest(const messages& said) {
  sansmtp::digest_md5_server server({"OA9BSXrbuRhWay", "elwood.innosoft.com", "acap", "elwood.innosoft.com"});
  sansmtp::output_buffer<512> out;
  require(server.challenge(out) && sansmtp::digest_challenge::parse(out.written()), "the challenge is one");
  bool proven = false;
  for (const std::string& message : said) {
    const auto taken = server.take(message);
    judged(taken, message);
    require(!server.done() || (proven && message.empty()), "done is proven");
    if (!taken) return;
    if (!proven) {
      const auto right = server.verify(sansmtp::secret("secret"));
      judged(right, message);
      if (!right) return require(!server.done(), "a wrong proof ends it");
      out.clear();
      proven = server.challenge(out).has_value();
    }
  }
}

template <class Server>
void hears_bearer(const messages& said) {
  Server server;
  for (const std::string& message : said) {
    const auto taken = server.take(message);
    judged(taken, message);
    if (taken)
      require(server.done() && message.find(taken->token.reveal()) != std::string::npos, "the token is in the message");
    sansmtp::output_buffer<512> out;
    const auto error = server.refuse({.status = "invalid_token"}, out);
    if (!error) continue;
    require(sansmtp::oauth_error::check(out.written()).has_value(), "a refusal is an error of OAuth");
    judged(server.take_dismissal(message), message);
    require(!server.done(), "what was refused is not done");
    return;
  }
}

// A client answers, or finds fault; and with too little room it is as though it had not been asked.
template <class Client>
void answers(const Client& fresh, const messages& said) {
  Client client = fresh;
  char room[8192];
  bool due = client.client_first;
  std::size_t next = 0;
  for (std::size_t turns = 0; due || next < said.size(); ++turns) {
    require(turns <= said.size() + 1, "an exchange ends");
    const std::string heard = due ? std::string() : said[next++];
    due = false;
    const Client before = client;
    sansmtp::writer out{room};
    const auto response = client.respond(heard, out);
    judged(response, heard.size() < 64 ? std::string(64, ' ') : heard);  // or it lies in an option
    if (!response) {
      require(out.empty() && (!client.done() || before.done()), "a fault writes nothing, and nothing is done");
      return;
    }
    require(out.written() == *response, "a response is what was written");
    if (response->empty()) continue;
    Client again = before;
    sansmtp::writer small{std::span<char>(room).subspan(4096, response->size() - 1)};
    require(again.respond(heard, small).error().code == sansmtp::errc::output_full && small.empty(),
            "whole or not at all");
    sansmtp::writer enough{std::span<char>(room).subspan(4096, response->size())};
    const auto second = again.respond(heard, enough);
    require(second && *second == *response && again.done() == client.done(), "and then as before");
  }
}

void reads_messages(const messages& said) {
  for (const std::string& m : said) {
    judged(sansmtp::scram_client_first::parse(m), m);
    judged(sansmtp::scram_server_first::parse(m, few), m);
    judged(sansmtp::scram_client_final::parse(m), m);
    judged(sansmtp::scram_server_final::parse(m), m);
    judged(sansmtp::digest_challenge::parse(m), m);
    judged(sansmtp::digest_response::parse(m), m);
    judged(sansmtp::parse_response_auth(m), m);
    judged(sansmtp::cram_response::parse(m), m);
    judged(sansmtp::check_cram_challenge(m), m);
    if (const auto header = sansmtp::gs2_header::parse_prefix(m)) {
      require(header->used <= m.size() && header->header.text() == m.substr(0, header->used),
              "a header is text in front");
    } else {
      judged(header, m);
    }
    if (const auto name = sansmtp::saslname::parse(m)) {
      sansmtp::output_buffer<1024> raw;
      require(name->decode(raw) && raw.written().size() == name->decoded_size(), "a name is decoded");
      require(properties::put_by([&](sansmtp::writer::draft& d) { sansmtp::encode_saslname(raw.written(), d); }) == m,
              "and has one spelling");
    } else {
      judged(name, m);
    }
    sansmtp::output_buffer<8192> room;
    const auto error = sansmtp::oauth_error::parse(m, room);
    judged(sansmtp::oauth_error::check(m), m);
    if (error) {
      char text[65536];
      sansmtp::writer out{text};
      const auto written = error->write(out);
      if (!written) continue;
      sansmtp::output_buffer<8192> room_again;
      const auto again = sansmtp::oauth_error::parse(*written, room_again);
      require(again && again->status == error->status && again->schemes == error->schemes &&
                  again->scope == error->scope && again->openid_configuration == error->openid_configuration,
              "an error is written and read again");
    }
    if (const auto offer = sansmtp::security_layer_offer::parse(m.substr(0, 4))) {
      sansmtp::output_buffer<8> out;
      require(offer->write(out) && out.written() == m.substr(0, 4), "an offer is its four octets");
      const std::string behind = m.substr(4);
      const auto choice = sansmtp::security_layer_choice::parse(behind, *offer);
      judged(choice, behind);
      sansmtp::output_buffer<512> chosen;
      if (choice) require(choice->write(*offer, chosen) && chosen.written() == behind, "and a choice its octets");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sansmtp::secret;
  properties::choices input(properties::text_of(data, size));
  const unsigned char which = input.octet();
  messages said;
  while (!input.empty()) said.emplace_back(input.upto('\xFF'));
  switch (which) {
    case 'P': return hears_one<sansmtp::plain_server>(said), 0;
    case 'E': return hears_one<sansmtp::external_server>(said), 0;
    case 'A': return hears_one<sansmtp::anonymous_server>(said), 0;
    case 'L': return hears_login(said), 0;
    case 'C': return hears_cram(said), 0;
    case 'S': return hears_scram<sansmtp::scram_sha_1_server>(said), 0;
    case 'T': return hears_scram<sansmtp::scram_sha_256_plus_server>(said), 0;
    case 'D': return hears_digest(said), 0;
    case 'O': return hears_bearer<sansmtp::oauthbearer_server>(said), 0;
    case 'X': return hears_bearer<sansmtp::xoauth2_server>(said), 0;
    case 'p': return answers(sansmtp::plain_client("tim", secret("tanstaaftanstaaf")), said), 0;
    case 'e': return answers(sansmtp::external_client("tim"), said), 0;
    case 'a': return answers(sansmtp::anonymous_client("sirhc"), said), 0;
    case 'l': return answers(sansmtp::login_client("tim", secret("tanstaaf")), said), 0;
    case 'c': return answers(sansmtp::cram_md5_client<>("tim", secret("tanstaaftanstaaf")), said), 0;
    case 's': return answers(sansmtp::scram_sha_1_client({"user", secret("pencil"), "fyko", {}, {}, few}), said), 0;
    case 't':
      return answers(sansmtp::scram_sha_256_plus_client({"user", secret("pencil"), "fyko", {}, binding, few}), said), 0;
    case 'd':
      return answers(sansmtp::digest_md5_client<>(
                         {"chris", secret("secret"), "OA9BSuZWMSpW8m", "elwood.innosoft.com", "acap"}),
                     said),
             0;
    case 'o':
      return answers(sansmtp::oauthbearer_client({.token = secret("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==")}),
                     said),
             0;
    case 'x':
      return answers(
                 sansmtp::xoauth2_client("user@example.com", secret("ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg")),
                 said),
             0;
    default: return reads_messages(said), 0;
  }
}
