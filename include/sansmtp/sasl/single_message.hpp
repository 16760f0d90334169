// Exchanges of one message, from the client: PLAIN, EXTERNAL, ANONYMOUS (RFC 4422 3, 5).
//
// The message is a type that can be read, checked and written; the two sides of the exchange around it are
// the same for all. The client's object borrows what the message is made of, and it must outlive it; what
// the server's object hands out borrows from the response.

#ifndef SANSMTP_SASL_SINGLE_MESSAGE_HPP
#define SANSMTP_SASL_SINGLE_MESSAGE_HPP

#include <string_view>

#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/sasl/mechanism.hpp"
#include "sansmtp/sasl/message.hpp"

namespace sansmtp::sasl {

template <writable_message Message>
class single_message_client {
 public:
  static constexpr sasl_mechanism mechanism = Message::mechanism;
  static constexpr std::string_view name = name_of(mechanism);
  static constexpr bool client_first = true;

  constexpr explicit single_message_client(const Message& message) noexcept : message_(message) {}

  // The message, which may be empty, and a view of it in `out`. Faults: sasl_message_malformed when the challenge
  // holds anything; sasl_out_of_order for a second message, which nothing calls for; those of the message;
  // output_full.
  constexpr result<std::string_view> respond(std::string_view challenge, writer& out) noexcept {
    if (progress_ != progress::due) return errc::sasl_out_of_order;
    if (!challenge.empty()) {
      progress_ = progress::failed;
      return errc::sasl_message_malformed;
    }
    if (const result<void> good = message_.check(); !good) return good.error();
    writer::draft text(out);
    message_.put(text);
    const result<std::string_view> written = finish(text);
    if (written) progress_ = progress::done;
    return written;
  }

  constexpr bool done() const noexcept { return progress_ == progress::done; }

 private:
  Message message_;
  progress progress_ = progress::due;
};

template <readable_message Message>
class single_message_server {
 public:
  static constexpr sasl_mechanism mechanism = Message::mechanism;
  static constexpr std::string_view name = name_of(mechanism);
  static constexpr bool client_first = true;

  // The empty challenge for a client that sent no initial response. Fault: sasl_out_of_order behind its message.
  constexpr result<std::string_view> challenge(writer&) const noexcept {
    if (progress_ != progress::due) return errc::sasl_out_of_order;
    return std::string_view();
  }

  // What the client sent, for the caller to verify. Faults: those of the message, and it uses the exchange up
  // then as well; sasl_out_of_order for a second one.
  constexpr result<Message> take(std::string_view response) noexcept {
    if (progress_ != progress::due) return errc::sasl_out_of_order;
    const result<Message> taken = Message::parse(response);
    progress_ = taken ? progress::done : progress::failed;
    return taken;
  }

  constexpr bool done() const noexcept { return progress_ == progress::done; }

 private:
  progress progress_ = progress::due;
};

}  // namespace sansmtp::sasl

#endif
