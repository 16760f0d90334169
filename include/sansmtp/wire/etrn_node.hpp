// etrn_node: whose waiting mail ETRN asks a server to send (RFC 1985 5, 5.3).
//
// A node's name asks for that node's mail, "@" before it for that of everything below the name as
// well, and "#" names a queue of the server's own. Borrows the octets that it was parsed from.

#ifndef SANSMTP_WIRE_ETRN_NODE_HPP
#define SANSMTP_WIRE_ETRN_NODE_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/grammar/domain.hpp"

namespace sansmtp {

class etrn_node {
 public:
  enum class scope : std::uint8_t { node, subdomains, queue };

  static constexpr std::size_t max_octets = limits::domain + 1;

  // The whole text behind "ETRN ". Faults: argument_missing where the name should begin; non_ascii_octet and
  // node_malformed at the octet. Quirks: underscore, trailing_dot.
  static constexpr result<etrn_node> parse(std::string_view text, quirks leniency = quirks::strict) noexcept;

  constexpr std::string_view text() const noexcept { return text_; }
  constexpr scope what() const noexcept {
    return text_[0] == '@' ? scope::subdomains : text_[0] == '#' ? scope::queue : scope::node;
  }
  constexpr std::string_view name() const noexcept { return text_.substr(what() == scope::node ? 0 : 1); }
  constexpr std::optional<sansmtp::domain> domain() const noexcept {  // nothing for a queue
    if (what() == scope::queue) return std::nullopt;
    return *sansmtp::domain::parse(name(), quirks::all);
  }

 private:
  constexpr explicit etrn_node(std::string_view text) noexcept : text_(text) {}

  std::string_view text_;  // never empty
};

// etrn      = "ETRN" SP [ "@" / "#" ] node-name CRLF
// node-name = 1*VCHAR        ; "a fully qualified domain name", or behind "#" whatever names a queue
constexpr result<etrn_node> etrn_node::parse(std::string_view text, quirks leniency) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  const std::size_t first = !text.empty() && (text[0] == '@' || text[0] == '#') ? 1 : 0;
  if (text.size() == first) return fail(errc::argument_missing, first);
  const std::size_t good = span_of(octet_class::vchar, text, first);
  if (good != text.size())
    return fail(is(octet_class::non_ascii, text[good]) ? errc::non_ascii_octet : errc::node_malformed, good);
  if (text.size() - first > limits::domain) return fail(errc::node_malformed, first + limits::domain);
  if (text[0] != '#')
    if (const auto name = sansmtp::domain::parse(text.substr(first), leniency); !name)
      return fail(errc::node_malformed, first + name.error().at);
  return etrn_node(text);
}

}  // namespace sansmtp

#endif
