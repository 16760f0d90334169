// exchange: what a mechanism says, as a client's AUTH and the lines behind it carry it (RFC 4954 4).
//
// Each object holds the octets of one message while its line is written, and overwrites them when it
// goes: they are a password, as a rule, or as good as one. They stand here once raw, and in the
// initial response once more in base64.

#ifndef SANSMTP_SESSION_EXCHANGE_HPP
#define SANSMTP_SESSION_EXCHANGE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/base64.hpp"
#include "sansmtp/sasl/secret.hpp"
#include "sansmtp/wire/command.hpp"

namespace sansmtp::sasl {

// AUTH with the mechanism's name, and with its first message where it speaks first and the line keeps
// within 512 octets; a longer one waits for the empty challenge.
class initial_response {
 public:
  // The command borrows from here. Faults: those of the mechanism.
  template <class Mechanism>
  constexpr result<auth> of(Mechanism& mechanism) noexcept {
    auth begin{mechanism.name, {}};
    if (!mechanism.client_first) return begin;
    const std::size_t around = std::string_view("AUTH  \r\n").size() + mechanism.name.size();
    writer raw{std::span<char>(raw_.value.data(), (limits::command_line - around) / 4 * 3)};
    if (const auto first = mechanism.respond({}, raw)) {
      writer text{text_.value};
      writer::draft encoded(text);
      encode_base64(*first, encoded);
      (void)encoded.commit();  // it fits
      begin.initial_response = *base64_text::parse(text.written());
    } else if (first.error().code != errc::output_full) {
      return first.error();
    }
    return begin;
  }

 private:
  wiped<std::array<char, limits::command_line>> raw_;
  wiped<std::array<char, limits::command_line>> text_;
};

// What the mechanism answers to a challenge.
class response {
 public:
  // Raw, borrowed from here. No more is asked of the mechanism than `room` octets of a line can carry,
  // since what it has said once it cannot take back. Faults: those of the mechanism.
  template <class Mechanism>
  constexpr result<std::string_view> of(Mechanism& mechanism, base64_text challenge, std::size_t room) noexcept {
    std::array<char, limits::sasl_message> heard{};
    const std::string_view octets = *challenge.decode(heard);  // there is room for any base64_text
    const std::size_t fitting = room < 2 ? 0 : (room - 2) / 4 * 3;
    writer said{std::span<char>(said_.value.data(), std::min(fitting, said_.value.size()))};
    return mechanism.respond(octets, said);
  }

 private:
  wiped<std::array<char, limits::sasl_message>> said_;
};

}  // namespace sansmtp::sasl

#endif
