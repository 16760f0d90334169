// replay_sessions: the two sessions that watch a dialogue, made and remade as it needs them.
//
// Both only observe. The server session judges the client by what the recorded server offers, as
// soon as its EHLO reply has told; before that, and where it was not recorded, by everything that
// the library knows. Limits that are a server's own choice are lifted.

#ifndef SANSMTP_TESTS_SUPPORT_REPLAY_SESSIONS_HPP
#define SANSMTP_TESTS_SUPPORT_REPLAY_SESSIONS_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sansmtp/sansmtp.hpp"
#include "support/replay_exchange.hpp"

namespace support {

class replay_sessions {
 protected:
  using phase = sansmtp::phase;

  explicit replay_sessions(const replay_exchange& exchange) : exchange_(exchange) {
    if (!exchange_.offers.empty()) {
      std::string lines = "250-offers\r\n";
      for (const std::string& line : exchange_.offers)
        lines.append(&line == &exchange_.offers.back() ? "250 " : "250-").append(line).append("\r\n");
      if (const auto said = sansmtp::reply::parse(lines, sansmtp::quirks::deployed)) learn(*said);
    }
    start_sessions(exchange_.start, false);
  }

  bool client_alone() const { return exchange_.has_client && !exchange_.has_server; }
  bool server_alone() const { return exchange_.has_server && !exchange_.has_client; }

  // Where both sessions stand. One that watches a server alone has no server session to go by.
  phase now() const { return server_alone() ? client_.phase() : server_.phase(); }

  void start_sessions(phase at, bool tls) {
    server_ = new_server(at, tls);
    client_ = new_client(at, tls);
    probe_.reset();
  }

  sansmtp::server new_server(phase at, bool tls) const {
    using namespace sansmtp;
    static constexpr std::string_view usual_mechanisms =
        "PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS SCRAM-SHA-512 "
        "SCRAM-SHA-512-PLUS EXTERNAL XOAUTH2 OAUTHBEARER GSSAPI GS2-KRB5 GSS-SPNEGO NTLM ANONYMOUS";
    server_options o{.host = name()};
    o.kind = exchange_.lmtp ? service::lmtp : service::smtp;
    o.recipient_limit = UINT32_MAX;
    o.cleartext_passwords = o.observe = true;
    o.tls = tls;
    o.start = at;
    o.extensions = offers_.extensions();
    o.mechanisms = mechanisms_;
    if (!offers_known_) {
      for (const extension_facts& row : extension_table) o.extensions = o.extensions | row.what;
      o.mechanisms = usual_mechanisms;
    }
    return server(o);
  }

  sansmtp::client new_client(phase at, bool tls) const {
    sansmtp::client_options o;
    o.kind = exchange_.lmtp ? sansmtp::service::lmtp : sansmtp::service::smtp;
    o.tls = tls;
    o.observe = true;
    o.start = at;
    return sansmtp::client(o);
  }

  // From here on the client is judged by what this server offers.
  void learn(const sansmtp::reply& hello) {
    offers_ = sansmtp::capabilities::learn(hello, sansmtp::quirks::deployed);
    mechanisms_ = offers_.mechanisms();
    offers_known_ = true;
    server_.offer(offers_.extensions(), mechanisms_);
  }

  // The server session is told a reply's code alone: a text that it would not write itself is no
  // reason to lose step.
  void answer(sansmtp::reply_code code) {
    char room[64];
    sansmtp::writer scratch{room};
    (void)server_.answer({code.valid() ? code : sansmtp::reply_code(code.value / 100 * 100 + 50)}, scratch);
  }

  void shake_hands() {
    (void)server_.receive(std::string_view{});  // start_tls, of both
    (void)client_.receive(std::string_view{});
    (void)server_.tls_started();
    (void)client_.tls_started();
  }

  // Ends a message for the server session with octets that nobody recorded: why it is refused, if it is.
  std::optional<sansmtp::fault> end_data(std::string_view octets) {
    std::optional<sansmtp::fault> why;
    while (server_.owed() == 0 && server_.phase() == phase::data) {
      const auto step = server_.receive(octets);
      if (const auto* refusal = std::get_if<sansmtp::refused>(&step.event)) why = refusal->why;
      if (octets.empty() && std::holds_alternative<sansmtp::need_more>(step.event)) break;
      octets.remove_prefix(step.used);
    }
    return why;
  }

  void end_both() {
    (void)server_.end_of_input();
    (void)client_.end_of_input();
  }

  replay_exchange exchange_;
  sansmtp::capabilities offers_{};
  std::string mechanisms_;  // the server session borrows it
  bool offers_known_ = false;
  sansmtp::server server_{sansmtp::server_options{.host = name()}};
  sansmtp::client client_{};
  sansmtp::reply_reader probe_{};  // knows of a malformed reply before the client session ends over it

 private:
  static sansmtp::host name() {
    using namespace sansmtp::literals;
    return "replay.example"_domain;
  }
};

}  // namespace support

#endif
