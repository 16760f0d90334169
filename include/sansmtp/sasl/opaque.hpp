// Mechanisms that the caller's own code speaks: GSSAPI, GS2-KRB5, GSS-SPNEGO, NTLM and any other name.
//
// Their messages are octets to this library, any octets, and what they mean is for a GSS-API library (RFC 4752,
// RFC 5801) or an NTLM one to say. These two objects put such code into the shape that every other
// mechanism has, and keep the one rule that can be kept from outside: nothing follows the end.

#ifndef SANSMTP_SASL_OPAQUE_HPP
#define SANSMTP_SASL_OPAQUE_HPP

#include <concepts>
#include <cstddef>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/sasl/message.hpp"

namespace sansmtp {

// What one step of a caller's code made: the next message, which may be empty, and whether its side is through:
// for a client that it has nothing more to send and the server has proved itself, for a server that the peer has.
struct opaque_step {
  std::string_view message;
  bool complete = false;
};

// A caller's code: it takes the peer's message, writes its own next one to the writer, and returns a view of it.
// A fault of its own ends the exchange.
template <class T>
concept token_source = requires(T& tokens, std::string_view message, writer& out) {
  { tokens(message, out) } -> std::same_as<result<opaque_step>>;
};

namespace sasl {

// One side's messages through the caller's code.
template <token_source Tokens>
class opaque_exchange {
 public:
  const std::string_view name;
  const bool client_first;

  constexpr bool done() const noexcept { return progress_ == progress::done; }

 protected:
  constexpr opaque_exchange(std::string_view called, Tokens& tokens, bool first) noexcept
      : name(called), client_first(first), tokens_(&tokens) {}

  // `most` octets is what a line can carry of the answer.
  constexpr result<std::string_view> step(std::string_view message, writer& out, std::size_t most) noexcept {
    if (progress_ != progress::due) return errc::sasl_out_of_order;
    const result<opaque_step> made =
        message.size() > limits::sasl_message
            ? result<opaque_step>(fault_at(errc::sasl_field_too_long, limits::sasl_message))
            : (*tokens_)(message, out);
    if (!made) {
      if (made.error().code != errc::output_full) progress_ = progress::failed;
      return made.error();
    }
    if (made->message.size() > most) {
      progress_ = progress::failed;
      return fault_at(errc::sasl_field_too_long, most);
    }
    if (made->complete) progress_ = progress::done;
    return made->message;
  }

 private:
  Tokens* tokens_;
  progress progress_ = progress::due;
};

}  // namespace sasl

// Borrows the name and the caller's code. Where the client speaks first, the first call has an empty challenge.
template <token_source Tokens>
class opaque_client : public sasl::opaque_exchange<Tokens> {
 public:
  constexpr opaque_client(std::string_view called, Tokens& tokens, bool speaks_first = true) noexcept
      : sasl::opaque_exchange<Tokens>(called, tokens, speaks_first) {}

  // The next response. Faults: those of the caller's code, where output_full changes nothing and any other ends
  // the exchange; sasl_field_too_long above limits::sasl_message octets; sasl_out_of_order behind the end.
  constexpr result<std::string_view> respond(std::string_view challenge, writer& out) noexcept {
    return this->step(challenge, out, limits::sasl_message);
  }
};

// Borrows the name and the caller's code, which also knows in the end who the peer is.
template <token_source Tokens>
class opaque_server : public sasl::opaque_exchange<Tokens> {
 public:
  constexpr opaque_server(std::string_view called, Tokens& tokens, bool speaks_first = true) noexcept
      : sasl::opaque_exchange<Tokens>(called, tokens, speaks_first) {}

  // The first challenge: the empty one for a client that speaks first and sent no initial response, else what the
  // caller's code makes of nothing. The others are what take() gives.
  constexpr result<std::string_view> challenge(writer& out) noexcept {
    if (!this->client_first) return this->step({}, out, limits::sasl_challenge);
    if (this->done()) return errc::sasl_out_of_order;
    return std::string_view();
  }

  // The next challenge in answer to a response; when done() is true behind it, an empty one is not sent. Faults:
  // as above, a challenge having limits::sasl_challenge octets at most.
  constexpr result<std::string_view> take(std::string_view response, writer& out) noexcept {
    return this->step(response, out, limits::sasl_challenge);
  }
};

}  // namespace sansmtp

#endif
