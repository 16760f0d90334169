// The exchange around a bearer token: OAUTHBEARER and XOAUTH2 (RFC 7628 3, RFC 6750 2.1).
//
// The client sends the token. A server that takes it is done; one that does not sends its reasons as another
// challenge, the client answers with a phrase that says nothing, %x01 or nothing at all, and the refusal
// follows. A client that was refused is not done() any more, whatever the server says next.

#ifndef SANSMTP_SASL_OAUTH_EXCHANGE_HPP
#define SANSMTP_SASL_OAUTH_EXCHANGE_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/sasl/mechanism.hpp"
#include "sansmtp/sasl/message.hpp"
#include "sansmtp/sasl/oauth_error.hpp"
#include "sansmtp/sasl/secret.hpp"

namespace sansmtp::sasl {

// Message::dismissal is the phrase that says nothing.
template <writable_message Message>
class oauth_client {
 public:
  static constexpr sasl_mechanism mechanism = Message::mechanism;
  static constexpr std::string_view name = name_of(mechanism);
  static constexpr bool client_first = true;

  constexpr explicit oauth_client(const Message& message) noexcept : message_(message) {}

  // First the message with the token, then, should the server refuse it with an oauth_error, the phrase that says
  // nothing. Faults: sasl_message_malformed when the first challenge holds anything, those of oauth_error::check for
  // the second; sasl_out_of_order for a third; those of the message; output_full.
  constexpr result<std::string_view> respond(std::string_view challenge, writer& out) noexcept;

  constexpr bool done() const noexcept { return step_ == step::sent && !message_.token.empty(); }
  // Whether the server sent its reasons; the caller reads them from the challenge, with oauth_error::parse.
  constexpr bool refused() const noexcept { return step_ == step::refused; }

 private:
  enum class step : std::uint8_t { due, sent, refused, failed };

  Message message_;
  step step_ = step::due;
};

template <readable_message Message>
class oauth_server {
 public:
  static constexpr sasl_mechanism mechanism = Message::mechanism;
  static constexpr std::string_view name = name_of(mechanism);
  static constexpr bool client_first = true;

  // The empty challenge for a client that sent no initial response. Fault: sasl_out_of_order behind its message.
  constexpr result<std::string_view> challenge(writer&) const noexcept {
    if (step_ != step::due) return errc::sasl_out_of_order;
    return std::string_view();
  }

  // What the client sent, for the caller to verify. Faults: those of the message; sasl_out_of_order for a second.
  constexpr result<Message> take(std::string_view response) noexcept {
    if (step_ != step::due) return errc::sasl_out_of_order;
    const result<Message> taken = Message::parse(response);
    step_ = taken ? step::taken : step::failed;
    return taken;
  }

  // Refuses the token, or a message that was at fault, with reasons: a challenge. Behind it take_dismissal() is due.
  // Faults: sasl_out_of_order before the message or for a second time; those of oauth_error::write.
  constexpr result<std::string_view> refuse(const oauth_error& why, writer& out) noexcept {
    if (step_ != step::taken && step_ != step::failed) return errc::sasl_out_of_order;
    const result<std::string_view> written = why.write(out);
    if (written) step_ = step::refused;
    return written;
  }

  // The phrase that says nothing; the refusal follows, and nothing else can. Faults: sasl_out_of_order; for anything
  // else sasl_field_missing, sasl_message_malformed or sasl_trailing at the octet.
  constexpr result<void> take_dismissal(std::string_view response) noexcept {
    if (step_ != step::refused) return errc::sasl_out_of_order;
    step_ = step::over;
    const result<std::size_t> end = behind(Message::dismissal, response, 0);
    if (!end) return end.error();
    if (*end != response.size()) return fault_at(errc::sasl_trailing, *end);
    return {};
  }

  constexpr bool done() const noexcept { return step_ == step::taken; }

 private:
  enum class step : std::uint8_t { due, taken, failed, refused, over };

  step step_ = step::due;
};

template <writable_message Message>
constexpr result<std::string_view> oauth_client<Message>::respond(std::string_view challenge, writer& out) noexcept {
  if (step_ != step::due && step_ != step::sent) return errc::sasl_out_of_order;
  const bool first = step_ == step::due;
  const result<void> good = !first              ? oauth_error::check(challenge)
                            : challenge.empty() ? result<void>()
                                                : result<void>(errc::sasl_message_malformed);
  if (!good) {
    step_ = step::failed;
    return good.error();
  }
  writer::draft text(out);
  if (first) {
    if (const result<void> checked = message_.check(); !checked) return checked.error();
    message_.put(text);
  } else {
    text.put(Message::dismissal);
  }
  const result<std::string_view> written = finish(text);
  if (written) step_ = first ? step::sent : step::refused;
  return written;
}

// b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
//
// Faults: sasl_field_empty, sasl_octet, sasl_field_too_long.
constexpr result<void> check_bearer_token(std::string_view token) noexcept {
  if (token.empty()) return errc::sasl_field_empty;
  if (token.size() > limits::sasl_token) return fault_at(errc::sasl_field_too_long, limits::sasl_token);
  std::size_t i = 0;
  while (i < token.size() &&
         (is(octet_class::base64 | octet_class::verb, token[i]) || token[i] == '.' || token[i] == '~'))
    ++i;
  const std::size_t padding = i;
  while (i != 0 && i < token.size() && token[i] == '=') ++i;
  if (i != token.size()) return fault_at(errc::sasl_octet, padding == 0 ? 0 : i);
  return {};
}

// credentials = "Bearer" 1*SP b64token
//
// The token. The scheme's name in any case (RFC 7628 4). Faults: sasl_field_empty for nothing at all, which asks
// for the server's reasons (RFC 7628 4.3); sasl_message_malformed at another scheme; sasl_field_missing at
// the end without a token; those of check_bearer_token.
constexpr result<secret> read_bearer(std::string_view value) noexcept {
  constexpr std::string_view scheme = "Bearer";
  if (value.empty()) return errc::sasl_field_empty;
  if (!starts_ignoring_case(value, scheme)) return errc::sasl_message_malformed;
  std::size_t at = scheme.size();
  if (at < value.size() && value[at] != ' ') return errc::sasl_message_malformed;
  while (at < value.size() && value[at] == ' ') ++at;
  if (at == value.size()) return fault_at(errc::sasl_field_missing, at);
  if (const result<void> good = check_bearer_token(value.substr(at)); !good) return good.error() + at;
  return secret(value.substr(at));
}

}  // namespace sansmtp::sasl

#endif
