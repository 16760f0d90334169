// listing: what a server's reply to EHLO or LHLO lists, from its options and from what was reached.
//
// Extensions come and go with the service, with TLS and with authentication (RFC 3207 4.2, RFC 4954
// 4). A keyword whose parameters the library cannot know is listed by a line of the caller's; LIMITS
// is written from the limits that the session keeps (RFC 9422 3).

#ifndef SANSMTP_SESSION_LISTING_HPP
#define SANSMTP_SESSION_LISTING_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansmtp/base/column.hpp"
#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/session/admission.hpp"
#include "sansmtp/session/server_options.hpp"
#include "sansmtp/wire/ehlo_line.hpp"
#include "sansmtp/wire/ehlo_reply.hpp"
#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/spoken.hpp"

namespace sansmtp::listing {

constexpr std::string_view keyword_of(std::string_view line) noexcept { return line.substr(0, line.find(' ')); }

constexpr bool has_line(const server_options& options, extension e) noexcept {
  for (std::string_view line : options.lines)
    if (extension_named(keyword_of(line)) == e) return true;
  return false;
}

// The extensions that can be listed now: one whose keyword must have parameters needs a line of its
// own, but for AUTH and LIMITS, whose parameters the session knows.
constexpr extension_set listed(const server_options& options, bool tls) noexcept {
  const extension_set wished = offerable(options.extensions, options.kind, tls);
  extension_set out = wished;
  for (const extension e : wished) {
    const keyword_form form = column<extension_table, &extension_facts::form>(e);
    const bool known = form != keyword_form::has_parameters || e == extension::auth || e == extension::limits;
    if (!known && !has_line(options, e)) out = out.without(e);
  }
  return out;
}

// The mechanisms to list: none that would carry a password in the clear (RFC 4954 4).
constexpr result<void> put_mechanisms(const server_options& options, const reached& now, writer& out) noexcept {
  std::string_view list = now.mechanisms;
  for (std::string_view word = admission::next_word(list); !word.empty(); word = admission::next_word(list)) {
    if (admission::mechanism(word, options, now)) continue;
    writer::draft one(out);
    if (!out.empty()) one.put(' ');
    if (const auto fits = one.put(word).commit(); !fits) return fits;
  }
  return {};
}

constexpr std::uint32_t six_digits(std::uint32_t n) noexcept { return std::min<std::uint32_t>(n, 999999); }

constexpr void put_limits(const server_options& options, writer& out) noexcept {
  writer::draft line(out);
  line.put("LIMITS RCPTMAX=").put_number(six_digits(std::max<std::uint32_t>(options.recipient_limit, 1)));
  if (options.mail_limit != 0) line.put(" MAILMAX=").put_number(six_digits(options.mail_limit));
  (void)line.commit();
}

// Writes the whole reply or nothing. Faults: those of encode_ehlo_reply; too_many_parameters when
// there are more lines than limits::ehlo_lines.
constexpr result<void> encode(const server_options& options, const reached& now, writer& out) noexcept {
  char mechanism_room[limits::command_line];
  writer mechanisms{mechanism_room};
  if (speaks(extension::auth) && !put_mechanisms(options, now, mechanisms))
    return errc::reply_line_too_long;  // its room is a line's

  char limits_room[64];
  writer limits_line{limits_room};
  std::array<std::string_view, limits::ehlo_lines> more{};
  std::size_t count = 0;
  bool full = false;
  const auto add = [&](std::string_view line) {
    if (count < more.size())
      more[count++] = line;
    else
      full = true;
  };
  if (speaks(extension::limits) && now.listed.has(extension::limits) && !has_line(options, extension::limits)) {
    put_limits(options, limits_line);
    add(limits_line.written());
  }
  for (std::string_view line : options.lines)
    if (const auto known = extension_named(keyword_of(line)); !known || now.listed.has(*known)) add(line);
  for (const private_extension& mine : options.own) add(mine.line);
  if (full) return errc::too_many_parameters;
  return encode_ehlo_reply(options.host.text(), now.listed, options.size_limit, mechanisms.written(), out,
                           std::span<const std::string_view>(more.data(), count));
}

}  // namespace sansmtp::listing

#endif
