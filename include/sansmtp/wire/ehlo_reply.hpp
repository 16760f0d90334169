// ehlo_reply: the reply to EHLO or LHLO as a server writes it, the list of what it offers.
//
// Built from the set of extensions, in the order of extension_table, one line each. The texts are
// checked and borrowed until they are written. The reply to HELO offers nothing and is one line:
// that is an ordinary response.

#ifndef SANSMTP_WIRE_EHLO_REPLY_HPP
#define SANSMTP_WIRE_EHLO_REPLY_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansmtp/base/fault.hpp"
#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/host.hpp"
#include "sansmtp/grammar/reply_text.hpp"
#include "sansmtp/wire/ehlo_line.hpp"
#include "sansmtp/wire/enhanced_status.hpp"
#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/reply_code.hpp"
#include "sansmtp/wire/response.hpp"
#include "sansmtp/wire/spoken.hpp"

namespace sansmtp {

// Writes the whole 250 or nothing.
//
// `host_text` is the server's domain or address literal, with or without SP and a greeting.
// `size_limit` in octets is written behind SIZE; 0, no fixed maximum, as "SIZE 0". `mechanisms` are
// names with one SP between; without any, AUTH is not offered. Each of `more` is an ehlo-line of the
// caller's, such as "LIMITS RCPTMAX=100"; it stands in place of the bare keyword of the set.
//
// Faults: those of reply_text and host, located in host_text; reply_text_malformed for a host_text that
// would not read back, as it resembles an enhanced status code: "1.2.3" is a Domain all the same (RFC
// 5321 4.1.2), but no such code may stand here (RFC 2034 4); mechanism_malformed, in mechanisms;
// those of ehlo_line, in that line; reply_line_too_long, at the octet that does not fit, for none of
// these lines may be folded; output_full.
constexpr result<void> encode_ehlo_reply(std::string_view host_text, extension_set extensions, std::uint64_t size_limit,
                                         std::string_view mechanisms, writer& out,
                                         std::span<const std::string_view> more = {}) noexcept;

//   auth-line = "AUTH" *(SP sasl-mech)                                           RFC 4954 3
//   sasl-mech = 1*20mech-char ; two registered names are longer                  RFC 4422 3.1
constexpr result<void> check_mechanisms(std::string_view mechanisms) noexcept {
  const auto is_lower = [](char c) noexcept { return 'a' <= c; };  // of the octets of a verb
  std::size_t first = 0;
  for (std::size_t at = 0; at <= mechanisms.size(); ++at) {
    const char c = at < mechanisms.size() ? mechanisms[at] : ' ';
    if (c == ' ' ? at == first : !is(octet_class::verb, c) || is_lower(c) || at - first == limits::mechanism_read)
      return fault{errc::mechanism_malformed, static_cast<std::uint32_t>(at)};
    if (c == ' ') first = at + 1;
  }
  return {};
}

constexpr result<void> encode_ehlo_reply(std::string_view host_text, extension_set extensions, std::uint64_t size_limit,
                                         std::string_view mechanisms, writer& out,
                                         std::span<const std::string_view> more) noexcept {
  constexpr std::size_t room = limits::reply_line - reply_line_overhead({});
  const auto fits = [](std::size_t octets, std::size_t before = 0) noexcept -> result<void> {
    if (octets + before <= room) return {};
    return fault{errc::reply_line_too_long, static_cast<std::uint32_t>(room - before)};
  };
  constexpr std::string_view auth = "AUTH ";

  if (const auto checked = reply_text::parse(host_text); !checked) return checked.error();
  const std::string_view name = host_text.substr(0, host_text.find(' '));
  if (const auto checked = host::parse(name, quirks::all); !checked) return checked.error();
  if (const std::size_t ascii = span_of(octet_class::vchar, name); ascii != name.size())
    return fault{errc::non_ascii_octet, static_cast<std::uint32_t>(ascii)};
  if (resembles_enhanced_status(host_text)) return errc::reply_text_malformed;
  if (const auto checked = fits(host_text.size()); !checked) return checked;
  if (!speaks(extension::auth) || mechanisms.empty()) {
    extensions = extensions.without(extension::auth);
  } else {
    if (const auto checked = check_mechanisms(mechanisms); !checked) return checked;
    if (const auto checked = fits(mechanisms.size(), auth.size()); !checked) return checked;
  }
  for (const std::string_view text : more) {
    const auto line = ehlo_line::parse(text);
    if (!line) return line.error();
    if (const auto checked = fits(text.size()); !checked) return checked;
    if (const auto named = extension_named(line->keyword)) extensions = extensions.without(*named);
  }

  writer::draft lines(out);
  const auto begin_line = [&](bool last) noexcept -> writer::draft& {
    encode(reply_code(250), lines);
    return lines.put(last ? ' ' : '-');
  };
  begin_line(extensions.empty() && more.empty()).put(host_text).put("\r\n");
  for (const extension e : extensions) {
    extensions = extensions.without(e);
    begin_line(extensions.empty() && more.empty());
    if (e == extension::auth) {
      lines.put(auth).put(mechanisms);
    } else if (e == extension::size) {
      // SIZE alone would promise that storage is checked before every MAIL with a SIZE (RFC 1870 7).
      lines.put(name_of(e)).put(' ').put_number(size_limit);
    } else {
      lines.put(name_of(e));
    }
    lines.put("\r\n");
  }
  for (std::size_t i = 0; i < more.size(); ++i) begin_line(i + 1 == more.size()).put(more[i]).put("\r\n");
  return lines.commit();
}

}  // namespace sansmtp

#endif
