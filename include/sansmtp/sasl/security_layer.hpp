// The security layer of GSSAPI, as its last two messages choose it (RFC 4752 3.1 to 3.3).
//
// When the context is complete the server offers layers and tells the largest message that it takes, and the
// client chooses one, tells its own, and names the identity to act as. Both messages travel inside
// GSS_Wrap: these types read what GSS_Unwrap gave and write what GSS_Wrap is to take.

#ifndef SANSMTP_SASL_SECURITY_LAYER_HPP
#define SANSMTP_SASL_SECURITY_LAYER_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/sasl/message.hpp"

namespace sansmtp {

// The bit-masks of RFC 4752 3.3. In SMTP a layer other than `none` starts behind the 235, and all that was
// learned before is forgotten (RFC 4954 4).
enum class security_layer : std::uint8_t { none = 1, integrity = 2, confidentiality = 4 };

// gssapi-final-s = layer-mask 3OCTET          ; the layers, and the largest message in network byte order
struct security_layer_offer {
  std::uint8_t layers = static_cast<std::uint8_t>(security_layer::none);  // as written, unknown bits and all
  std::uint32_t largest = 0;                                              // octets; 0 without a layer

  constexpr bool has(security_layer l) const noexcept { return (layers & static_cast<std::uint8_t>(l)) != 0; }
  // Whether anything but `none` is offered that is known.
  constexpr bool wraps() const noexcept {
    return has(security_layer::integrity) || has(security_layer::confidentiality);
  }

  // The whole message, exactly four octets. Bits that are not understood are kept and mean nothing. Faults:
  // sasl_field_missing at the end; sasl_trailing at the fifth octet; sasl_security_layer at the mask when it
  // offers nothing known, and at the size when no layer, known or not, is offered and it is not zero.
  static constexpr result<security_layer_offer> parse(std::string_view text) noexcept;
  constexpr result<void> check() const noexcept;

  constexpr result<std::string_view> write(writer& out) const noexcept;
};

// gssapi-final-c = layer-mask 3OCTET *OCTET   ; one layer, the largest message, the authorization identity
struct security_layer_choice {
  security_layer layer = security_layer::none;
  std::uint32_t largest = 0;  // octets that the client takes; 0 for `none`
  std::string_view authzid;   // UTF-8, not ended by a NUL; empty for the identity that the server derives

  // The whole message, in answer to that offer. Faults: sasl_field_missing at the end; sasl_security_layer at the
  // mask when it is not exactly one layer that was offered, and at the size when it is not zero for `none`;
  // sasl_octet at a NUL; utf8_malformed; sasl_field_too_long.
  static constexpr result<security_layer_choice> parse(std::string_view text,
                                                       const security_layer_offer& offer) noexcept;
  constexpr result<void> check(const security_layer_offer& offer) const noexcept;

  // Written in answer to that offer. Faults: those of parse, output_full.
  constexpr result<std::string_view> write(const security_layer_offer& offer, writer& out) const noexcept;
};

namespace sasl {

constexpr std::uint32_t read_octet(std::string_view text, std::size_t at) noexcept {
  return static_cast<unsigned char>(text[at]);
}

constexpr std::uint32_t read_largest(std::string_view text) noexcept {
  return read_octet(text, 1) << 16 | read_octet(text, 2) << 8 | read_octet(text, 3);
}

constexpr void put_layer(std::uint8_t mask, std::uint32_t largest, writer::draft& out) noexcept {
  const auto octet = [](std::uint32_t n) { return static_cast<char>(static_cast<unsigned char>(n & 0xFF)); };
  out.put(octet(mask)).put(octet(largest >> 16)).put(octet(largest >> 8)).put(octet(largest));
}

}  // namespace sasl

constexpr result<void> security_layer_offer::check() const noexcept {
  if (!wraps() && !has(security_layer::none)) return errc::sasl_security_layer;
  if ((layers == static_cast<std::uint8_t>(security_layer::none) && largest != 0) || largest > limits::security_layer)
    return sasl::fault_at(errc::sasl_security_layer, 1);
  return {};
}

constexpr result<security_layer_offer> security_layer_offer::parse(std::string_view text) noexcept {
  if (text.size() < 4) return sasl::fault_at(errc::sasl_field_missing, text.size());
  if (text.size() > 4) return sasl::fault_at(errc::sasl_trailing, 4);
  const security_layer_offer offer{static_cast<std::uint8_t>(sasl::read_octet(text, 0)), sasl::read_largest(text)};
  if (const result<void> checked = offer.check(); !checked) return checked.error();
  return offer;
}

constexpr result<std::string_view> security_layer_offer::write(writer& out) const noexcept {
  if (const result<void> checked = check(); !checked) return checked.error();
  writer::draft message(out);
  sasl::put_layer(layers, largest, message);
  return sasl::finish(message);
}

constexpr result<void> security_layer_choice::check(const security_layer_offer& offer) const noexcept {
  const bool one =
      layer == security_layer::none || layer == security_layer::integrity || layer == security_layer::confidentiality;
  if (!one || !offer.has(layer)) return errc::sasl_security_layer;
  if ((layer == security_layer::none && largest != 0) || largest > limits::security_layer)
    return sasl::fault_at(errc::sasl_security_layer, 1);
  if (authzid.empty()) return {};
  return sasl::check_field(authzid, limits::sasl_identity, 4);
}

constexpr result<security_layer_choice> security_layer_choice::parse(std::string_view text,
                                                                     const security_layer_offer& offer) noexcept {
  if (text.size() < 4) return sasl::fault_at(errc::sasl_field_missing, text.size());
  const security_layer_choice choice{static_cast<security_layer>(sasl::read_octet(text, 0)), sasl::read_largest(text),
                                     text.substr(4)};
  if (const result<void> checked = choice.check(offer); !checked) return checked.error();
  return choice;
}

constexpr result<std::string_view> security_layer_choice::write(const security_layer_offer& offer,
                                                                writer& out) const noexcept {
  if (const result<void> checked = check(offer); !checked) return checked.error();
  writer::draft message(out);
  sasl::put_layer(static_cast<std::uint8_t>(layer), largest, message);
  message.put(authzid);
  return sasl::finish(message);
}

}  // namespace sansmtp

#endif
