// authenticate: proves to a server who one is, by the mechanism that was named, and tells what the server said to it.
//
//   authenticate [--tls | --starttls] MECHANISM | --list
//
// Speaks SMTP on its standard input and output, like a program of inetd: whoever starts it brings the connection, and
// says what it is. --tls: TLS from the first octet. --starttls: TLS since STARTTLS, so there is no greeting to wait
// for. The rest comes from the environment: SANSMTP_USER; SANSMTP_PASSWORD, the token for a mechanism that takes one;
// SANSMTP_HOST, the name that the server's certificate was checked against; SANSMTP_BINDING, TYPE:HEX as in
// tls-unique:0bad1dea, the channel binding data of the TLS connection where there are any.
//
// What comes of it goes to standard error. Ends with 0 when the server took us and, where the mechanism has it prove
// itself, has done so; with 1 when it refused us; with 2 after anything else. --list prints each mechanism that is
// offered, with why the chooser would or would not choose it.

#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <variant>

#include "sansmtp/sansmtp.hpp"

namespace {

using sansmtp::answer, sansmtp::challenge, sansmtp::client_event, sansmtp::closed;
constexpr auto own_name = *sansmtp::hello_name::parse("[127.0.0.1]");

enum status { accepted = 0, refused = 1, failed = 2 };

status tell(status how, std::string_view words) {
  constexpr const char* as[] = {"authenticated", "refused", "failed"};
  std::fprintf(stderr, "%s: %.*s\n", as[how], static_cast<int>(words.size()), words.data());
  return how;
}
status tell(sansmtp::fault why) {
  const bool refusal = why.code == sansmtp::errc::scram_server_error;
  return tell(refusal ? refused : failed, facts(why).sentence);
}

std::string_view setting(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Who we are, and what tells one exchange from every other.
struct identity {
  std::string_view user = setting("SANSMTP_USER");
  std::string_view password = setting("SANSMTP_PASSWORD");
  std::string_view host = setting("SANSMTP_HOST").empty() ? "localhost" : setting("SANSMTP_HOST");
  std::string binding_octets{};
  sansmtp::channel_binding binding{};
  sansmtp::output_buffer<sansmtp::base64_size(18)> nonce{};

  // False where the binding can not be read, or nothing random is to be had.
  bool prepare() {
    const std::string_view text = setting("SANSMTP_BINDING");
    if (const std::size_t colon = text.find(':'); colon != text.npos) {
      const std::string_view hex = text.substr(colon + 1);
      if (hex.size() % 2 != 0 || hex.find_first_not_of("0123456789abcdef") != hex.npos) return false;
      for (std::size_t i = 0; i < hex.size(); i += 2)
        binding_octets += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
      binding = {text.substr(0, colon), binding_octets};
    }
    std::array<char, 18> random{};
    if (getentropy(random.data(), random.size()) != 0) return false;
    sansmtp::writer::draft text_of_random(nonce);
    encode_base64({random.data(), random.size()}, text_of_random);
    return bool(text_of_random.commit());
  }

  sansmtp::sasl_means means(bool tls) const {
    const bool any = !password.empty();
    return {.password = any, .token = any, .channel_binding = !binding.empty(), .tls = tls, .excluded = {}};
  }
};

struct conversation {
  sansmtp::client session;
  sansmtp::input_buffer<16384> in{};
  sansmtp::output_buffer<16384> out{};
  std::string heard{};  // the last reply's first line, or how the conversation ended

  // Everything that was said leaves; then the next that the server has to say.
  client_event next() {
    for (;;) {
      while (!out.empty()) {
        const ssize_t sent = write(STDOUT_FILENO, out.written().data(), out.written().size());
        out.drop(sent > 0 ? static_cast<std::size_t>(sent) : out.written().size());
        if (sent <= 0) in.commit(0);  // nobody is there any more
      }
      const client_event event = session.receive(in);
      if (const auto* said = std::get_if<answer>(&event))
        heard = std::to_string(said->reply.code().value).append(" ").append(*said->reply.raw_lines().begin());
      if (const auto* end = std::get_if<closed>(&event))
        heard = end->why ? facts(*end->why).sentence : "the connection was closed";
      if (!std::holds_alternative<sansmtp::need_more>(event)) return event;
      const auto space = in.space();
      const ssize_t got = read(STDIN_FILENO, space.data(), space.size());
      in.commit(got > 0 ? static_cast<std::size_t>(got) : 0);
    }
  }

  bool introduce() {
    if (session.phase() == sansmtp::phase::connect) (void)next();
    if (session.send(sansmtp::ehlo{own_name}, out)) (void)next();
    return session.phase() == sansmtp::phase::ready;
  }
  void leave() {
    if (!session.send(sansmtp::quit{}, out)) return;
    while (session.open()) (void)next();
  }

  template <class Mechanism>
  status attempt(Mechanism mechanism) {
    if (const auto begun = session.authenticate(mechanism, out); !begun) return tell(begun.error());
    std::optional<sansmtp::fault> wrong;  // with what the server sent: the exchange was cancelled
    for (;;) {
      const client_event event = next();
      const auto* asked = std::get_if<challenge>(&event);
      const auto* said = std::get_if<answer>(&event);
      if (asked == nullptr && said == nullptr) return tell(failed, heard);
      if (asked != nullptr || said->reply.code().kind() == sansmtp::reply_class::intermediate) {
        if (wrong) return tell(*wrong);  // it goes on asking
        const auto octets = asked != nullptr ? asked->octets : sansmtp::base64_text::parse(said->reply.text());
        const auto answered = octets ? session.respond(mechanism, {*octets}, out) : octets.error();
        if (!answered) wrong = answered.error(), (void)session.cancel(out);
        continue;
      }
      if (wrong) return tell(*wrong);
      if (!said->reply.code().positive()) return tell(said->reply.code() == 535 ? refused : failed, heard);
      return mechanism.done() ? tell(accepted, heard) : tell(failed, "the server has not proven itself: " + heard);
    }
  }
};

status attempt(conversation& with, std::string_view name, const identity& me) {
  const auto choice =
      sansmtp::mechanism_choice::among(with.session.offered().mechanisms(), me.means(with.session.tls()));
  sansmtp::scram_client_options scram{.authcid = me.user, .password = me.password, .nonce = me.nonce.written()};
  auto plus = scram;
  plus.binding = me.binding;
  if (choice.binding() == sansmtp::channel_binding_flag::not_offered) scram.binding = me.binding;
  switch (sansmtp::mechanism_named(name).value_or(sansmtp::sasl_mechanism::spnego)) {
    using enum sansmtp::sasl_mechanism;
    case external: return with.attempt(sansmtp::external_client(me.user));
    case scram_sha_512_plus: return with.attempt(sansmtp::scram_sha_512_plus_client(plus));
    case scram_sha_256_plus: return with.attempt(sansmtp::scram_sha_256_plus_client(plus));
    case scram_sha_1_plus: return with.attempt(sansmtp::scram_sha_1_plus_client(plus));
    case scram_sha_512: return with.attempt(sansmtp::scram_sha_512_client(scram));
    case scram_sha_256: return with.attempt(sansmtp::scram_sha_256_client(scram));
    case scram_sha_1: return with.attempt(sansmtp::scram_sha_1_client(scram));
    case oauthbearer:  // the token says whose it is, and yet there are servers that want to be told
      return with.attempt(sansmtp::oauthbearer_client({.token = me.password, .authzid = me.user, .host = me.host}));
    case xoauth2: return with.attempt(sansmtp::xoauth2_client(me.user, me.password));
    case digest_md5:
      return with.attempt(sansmtp::digest_md5_client<>(
          {.authcid = me.user, .password = me.password, .cnonce = me.nonce.written(), .host = me.host}));
    case cram_md5: return with.attempt(sansmtp::cram_md5_client<>(me.user, me.password));
    case plain: return with.attempt(sansmtp::plain_client(me.user, me.password));
    case login: return with.attempt(sansmtp::login_client(me.user, me.password));
    case anonymous: return with.attempt(sansmtp::anonymous_client(me.user));
    default: return tell(failed, "no such mechanism is spoken here");
  }
}

// Each name that the server offers, in its order, with the chooser's reason.
status list(const sansmtp::client& session, const identity& me) {
  std::istringstream names{std::string(session.offered().mechanisms())};
  const auto choice = sansmtp::mechanism_choice::among(session.offered().mechanisms(), me.means(session.tls()));
  for (std::string name; names >> name;)
    std::fprintf(stderr, "%s: %s\n", name.c_str(), sentence(choice.why(name)).data());
  return accepted;
}

}  // namespace

int main(int count, char** words) {
  sansmtp::client_options options;
  for (; count > 2 && std::string_view(words[1]).starts_with("--"); --count, ++words) {
    options.tls = true;
    if (std::string_view(words[1]) == "--starttls") options.start = sansmtp::phase::greeted;
  }
  identity me;
  if (count != 2) return tell(failed, "usage: authenticate [--tls | --starttls] MECHANISM | --list");
  if (!me.prepare()) return tell(failed, "SANSMTP_BINDING is not TYPE:HEX, or nothing random is to be had");
  std::signal(SIGPIPE, SIG_IGN);  // the write tells
  conversation with{sansmtp::client(options)};
  if (!with.introduce()) return tell(failed, with.heard);
  const status how = std::string_view(words[1]) == "--list" ? list(with.session, me) : attempt(with, words[1], me);
  with.leave();
  return how;
}
