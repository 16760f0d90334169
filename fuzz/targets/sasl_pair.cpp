// A client and a server of SASL wired to each other, with names and passwords of any octets: they
// agree where both know the same secret, and never otherwise; and whoever changes an octet on the way
// is found out where the mechanism proves what was said.

#include <string>

#include "properties/choices.hpp"
#include "properties/require.hpp"
#include "sansmtp/sasl/cram_md5.hpp"
#include "sansmtp/sasl/digest_md5_client.hpp"
#include "sansmtp/sasl/digest_md5_server.hpp"
#include "sansmtp/sasl/login.hpp"
#include "sansmtp/sasl/plain.hpp"
#include "sansmtp/sasl/scram_client.hpp"
#include "sansmtp/sasl/scram_server.hpp"

using properties::require;
using sansmtp::secret;

namespace {

constexpr sansmtp::iteration_bounds few{1, 8};
constexpr sansmtp::channel_binding binding{sansmtp::channel_binding::tls_exporter, "data of the channel"};

struct people {
  std::string name, password, stored, authzid, nonce;
};

// Whoever sits between the two: exchanges one octet of one message.
class meddler {
 public:
  meddler(std::size_t message, std::size_t place, unsigned char with) : left_(message), place_(place), with_(with) {}
  std::string passes(std::string_view message) {
    std::string out(message);
    if (left_-- != 0 || place_ >= out.size() || with_ == 0) return out;
    out[place_] = static_cast<char>(static_cast<unsigned char>(out[place_]) ^ with_);
    touched_ = true;
    return out;
  }
  bool touched() const { return touched_; }

 private:
  std::size_t left_, place_;
  unsigned char with_;
  bool touched_ = false;
};

void plain(const people& p) {
  sansmtp::plain_client client(p.name, secret(p.password), p.authzid);
  sansmtp::plain_server server;
  sansmtp::output_buffer<4096> out;
  const auto said = client.respond({}, out);
  if (!said) return require(out.empty() && !client.done(), "what is no message is not sent");
  const auto taken = server.take(*said);
  require(taken && taken->authcid == p.name && taken->authzid == p.authzid && taken->passwd == secret(p.password),
          "what is sent is what is heard");
}

void login(const people& p) {
  sansmtp::login_client client(p.name, secret(p.password));
  sansmtp::login_server server;
  for (int turn = 0; turn < 2; ++turn) {
    sansmtp::output_buffer<4096> asked, out;
    require(server.challenge(asked).has_value(), "a question is due");
    const auto said = client.respond(asked.written(), out);
    if (!said) return;
    const auto taken = server.take(*said);
    require(taken.has_value(), "what is sent is taken");
    if (turn == 1)
      require(client.done() && server.done() && taken->value().user == p.name &&
                  taken->value().passwd == secret(p.password),
              "both");
  }
}

// RFC 2104: a password is a key, which zeros at its end do not change.
bool same_key(std::string a, std::string b) {
  if (a.size() > 64 || b.size() > 64) return a == b;
  a.resize(64, '\0');
  b.resize(64, '\0');
  return a == b;
}

void cram(const people& p, meddler between) {
  const std::string challenge = "<" + p.nonce + "@mx>";
  sansmtp::cram_md5_client client(p.name, secret(p.password));
  sansmtp::cram_md5_server server(challenge);
  sansmtp::output_buffer<4096> asked, out;
  if (!server.challenge(asked)) return;
  const auto said = client.respond(between.passes(asked.written()), out);
  if (!said) return;
  const std::string heard = between.passes(*said);
  const auto taken = server.take(heard);
  require(taken || between.touched(), "what is sent is taken");
  if (!taken) return;
  const bool good = server.verify(*taken, secret(p.stored)).has_value();
  if (!same_key(p.password, p.stored)) require(!good, "another password is none");
  if (p.password == p.stored && !between.touched()) require(good && server.done() && taken->user == p.name, "agreed");
}

template <class Hash, bool Plus>
void scram(const people& p, meddler between) {
  sansmtp::output_buffer<1024> room;
  if (!sansmtp::saslprep(p.password, room)) return;
  const std::string client_nonce = "c" + p.nonce, server_nonce = "s" + p.nonce;
  sansmtp::scram_client<Hash, Plus> client(
      {p.name, secret(p.password), client_nonce, p.authzid, Plus ? binding : sansmtp::channel_binding{}, few});
  sansmtp::scram_server<Hash, Plus> server(
      {.bindings = std::span<const sansmtp::channel_binding>(&binding, 1), .iterations = few});
  sansmtp::scram_keys<Hash> keys;
  require(keys.derive(secret(p.stored), "salt", 2, few).has_value(), "keys");

  const bool honest = same_key(p.password, p.stored);
  std::string heard;
  for (int turn = 0; turn < 3; ++turn) {
    sansmtp::output_buffer<4096> said, answered;
    const auto response = client.respond(heard, said);
    if (!response) return require(turn == 0 || between.touched() || !honest, "an honest server is believed");
    const std::string to_server = between.passes(*response);
    const auto taken = server.take(to_server);
    if (!taken) return require(between.touched() || !honest || turn == 0, "an honest client is believed");
    if (turn == 1) require(honest && !between.touched(), "a proof is of the password, and of all that was said");
    if (turn == 2) break;
    const auto challenge =
        turn == 0 ? server.challenge(keys.credentials("salt", 2), server_nonce, answered) : server.challenge(answered);
    if (!challenge) return;
    heard = between.passes(*challenge);
  }
  require(client.done() && server.done(), "whoever comes so far is through");
  require(honest, "with another password nobody is");
  require(!between.touched(), "whoever meddles is found out");
  require(server.identity().authcid.size() >= p.name.size(), "the name arrives");
}

void digest(const people& p, meddler between) {
  const std::string nonce = "n" + p.nonce;
  sansmtp::digest_md5_client client(
      {.authcid = p.name, .password = secret(p.password), .cnonce = nonce, .host = "mx.example", .authzid = p.authzid});
  sansmtp::digest_md5_server server({.nonce = nonce, .realm = "example", .host = "mx.example"});
  sansmtp::output_buffer<8192> asked, said, proof, last;
  if (!server.challenge(asked)) return;
  const auto response = client.respond(between.passes(asked.written()), said);
  if (!response) return;
  const std::string heard = between.passes(*response);
  const auto taken = server.take(heard);
  if (!taken) return require(between.touched(), "an honest client is believed:", heard);
  const bool good = server.verify(secret(p.stored)).has_value();
  if (p.password != p.stored) require(!good, "another password is none");
  if (!good) return require(p.password != p.stored || between.touched(), "the same is the same");
  require(server.challenge(proof).has_value(), "the proof is due");
  const auto end = client.respond(between.passes(proof.written()), last);
  if (!end) return require(between.touched(), "an honest server is believed");
  require(client.done() && server.take(*end) && server.done(), "agreed");
  if (!between.touched()) require(taken->authcid == p.name && taken->authzid == p.authzid, "on who it is");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  properties::choices input(properties::text_of(data, size));
  const unsigned char which = input.octet();
  const std::size_t message = input.octet(), place = input.octet();
  const meddler between(message, place, input.octet());
  people p;
  p.name = input.text();
  p.password = input.text();
  p.stored = (which & 0x80U) != 0 ? input.text() : p.password;
  p.authzid = input.text();
  p.nonce = input.text();
  switch (which & 0x7FU) {
    case 'P': return plain(p), 0;
    case 'L': return login(p), 0;
    case 'C': return cram(p, between), 0;
    case 'D': return digest(p, between), 0;
    case 'S': return scram<sansmtp::sha1, false>(p, between), 0;
    case 'T': return scram<sansmtp::sha256, true>(p, between), 0;
    case 'U': return scram<sansmtp::sha512, false>(p, between), 0;
    default: return 0;
  }
}
