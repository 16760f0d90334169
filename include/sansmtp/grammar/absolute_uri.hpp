// absolute_uri: a URI without a fragment, as BURL names the message by (RFC 3986 4.3, RFC 4468 3.5).
//
// The generic syntax alone is checked, to the last octet: what a scheme makes of its parts is for
// whoever fetches. Fetching what a peer names is a risk of its own (RFC 4468 8). Borrows the octets
// that it was parsed from.

#ifndef SANSMTP_GRAMMAR_ABSOLUTE_URI_HPP
#define SANSMTP_GRAMMAR_ABSOLUTE_URI_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/address_literal.hpp"

namespace sansmtp {

class absolute_uri {
 public:
  static constexpr std::size_t max_octets = limits::uri;

  // The whole text is an absolute-URI. Fault: uri_malformed at the octet that may not stand there, or where
  // something is missing. No quirk touches it.
  static constexpr result<absolute_uri> parse(std::string_view text, quirks = quirks::strict) noexcept;

  constexpr std::string_view text() const noexcept { return text_; }
  constexpr std::string_view scheme() const noexcept { return text_.substr(0, scheme_); }  // any case: "imap"
  // What stands behind "//": nothing when there is no "//", and that is not the same as an empty one.
  constexpr std::optional<std::string_view> authority() const noexcept {
    if (!has_authority_) return std::nullopt;
    return text_.substr(scheme_ + 3U, path_ - scheme_ - 3U);
  }
  constexpr std::string_view path() const noexcept { return text_.substr(path_, path_end_ - path_); }
  constexpr std::optional<std::string_view> query() const noexcept {  // without its "?"
    if (path_end_ == text_.size()) return std::nullopt;
    return text_.substr(path_end_ + 1U);
  }

 private:
  constexpr explicit absolute_uri(std::string_view text) noexcept : text_(text) {}

  static constexpr bool is_plain(char c, std::string_view others) noexcept;
  // How far the octets of a part reach: unreserved, sub-delims, `others`, and whole pct-encoded triplets.
  static constexpr std::size_t span(std::string_view text, std::size_t from, std::string_view others) noexcept;
  static constexpr std::size_t hex_digits_behind(std::string_view text, std::size_t percent) noexcept;
  static constexpr fault fail(std::string_view text, std::size_t at) noexcept;
  static constexpr result<std::size_t> scan_authority(std::string_view text, std::size_t from) noexcept;
  static constexpr result<void> check_ip_literal(std::string_view text, std::size_t from, std::size_t end) noexcept;

  std::string_view text_;
  std::uint16_t scheme_ = 0;  // where its ":" stands
  std::uint16_t path_ = 0;
  std::uint16_t path_end_ = 0;
  bool has_authority_ = false;
};

// unreserved  = ALPHA / DIGIT / "-" / "." / "_" / "~"
// sub-delims  = "!" / "$" / "&" / "'" / "(" / ")" / "*" / "+" / "," / ";" / "="
constexpr bool absolute_uri::is_plain(char c, std::string_view others) noexcept {
  const auto octet = static_cast<unsigned char>(c);
  return is(octet_class::let_dig, c) || octets::among(octet, "-._~!$&'()*+,;=") || octets::among(octet, others);
}

// pct-encoded = "%" HEXDIG HEXDIG
constexpr std::size_t absolute_uri::span(std::string_view text, std::size_t from, std::string_view others) noexcept {
  std::size_t i = from;
  while (i < text.size()) {
    if (is_plain(text[i], others))
      ++i;
    else if (text[i] == '%' && hex_digits_behind(text, i) == 2)
      i += 3;
    else
      break;
  }
  return i;
}

constexpr std::size_t absolute_uri::hex_digits_behind(std::string_view text, std::size_t percent) noexcept {
  return span_of(octet_class::hexdig, text.substr(percent + 1, 2));
}

// The octet at fault, of a triplet the one that should have been a digit.
constexpr fault absolute_uri::fail(std::string_view text, std::size_t at) noexcept {
  if (at < text.size() && text[at] == '%') at += 1 + hex_digits_behind(text, at);
  return {errc::uri_malformed, static_cast<std::uint32_t>(at)};
}

// IP-literal = "[" ( IPv6address / IPvFuture ) "]"
// IPvFuture  = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
//
// IPv6address lets "::" stand for one group, and its IPv4 part, unlike Snum, has no leading zeros.
constexpr result<void> absolute_uri::check_ip_literal(std::string_view text, std::size_t from,
                                                      std::size_t end) noexcept {
  const auto malformed = [](std::size_t at) { return fault{errc::uri_malformed, static_cast<std::uint32_t>(at)}; };
  const std::string_view upto = text.substr(0, end);
  if (from != end && lower(text[from]) == 'v') {
    const std::size_t dot = span_of(octet_class::hexdig, upto, from + 1);
    if (dot == from + 1 || dot == end || text[dot] != '.') return malformed(dot);
    std::size_t last = dot + 1;
    while (last != end && is_plain(text[last], ":")) ++last;
    if (last == dot + 1 || last != end) return malformed(last);
    return {};
  }
  constexpr std::string_view tag = "[IPv6:";
  output_buffer<64> room;
  writer::draft literal(room);
  literal.put(tag).put(upto.substr(from)).put(']');
  if (!literal.commit()) return malformed(from);
  if (const auto address = address_literal::parse(room.written(), quirk::ipv6_short_gap); !address)
    return malformed(from + address.error().at - tag.size());
  if (upto.find('.', from) == upto.npos) return {};
  for (std::size_t i = upto.rfind(':') + 1; i + 1 < end; ++i)
    if (text[i] == '0' && text[i + 1] != '.' && !is(octet_class::digit, text[i - 1])) return malformed(i + 1);
  return {};
}

// authority = [ userinfo "@" ] host [ ":" port ]
// userinfo  = *( unreserved / pct-encoded / sub-delims / ":" )
// host      = IP-literal / IPv4address / reg-name      ; every IPv4address is a reg-name
// reg-name  = *( unreserved / pct-encoded / sub-delims )
// port      = *DIGIT
//
// Where it ends: at the first "/" or "?", or with the text.
constexpr result<std::size_t> absolute_uri::scan_authority(std::string_view text, std::size_t from) noexcept {
  std::size_t host = from;
  if (const std::size_t user = span(text, from, ":"); user < text.size() && text[user] == '@') host = user + 1;
  std::size_t i = host;
  if (i < text.size() && text[i] == '[') {
    const std::size_t close = text.find(']', i);
    if (close == text.npos) return fail(text, text.size());
    if (const auto good = check_ip_literal(text, i + 1, close); !good) return good.error();
    i = close + 1;
  } else {
    i = span(text, i, "");
  }
  if (i < text.size() && text[i] == ':') i = span_of(octet_class::digit, text, i + 1);
  if (i < text.size() && text[i] != '/' && text[i] != '?') return fail(text, i);
  return i;
}

// absolute-URI  = scheme ":" hier-part [ "?" query ]
// scheme        = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
// hier-part     = "//" authority path-abempty / path-absolute / path-rootless / path-empty
// pchar         = unreserved / pct-encoded / sub-delims / ":" / "@"
// query         = *( pchar / "/" / "?" )
//
// A path without authority can't begin with "//", because that would be one; so all paths are *( pchar / "/" ).
constexpr result<absolute_uri> absolute_uri::parse(std::string_view text, quirks) noexcept {
  if (text.size() > max_octets) return fault{errc::uri_malformed, max_octets};
  absolute_uri uri(text);
  std::size_t i = 0;
  while (i < text.size() && (is(i == 0 ? octet_class::alpha : octet_class::let_dig, text[i]) ||
                             (i != 0 && octets::among(static_cast<unsigned char>(text[i]), "+-."))))
    ++i;
  if (i == 0 || i == text.size() || text[i] != ':') return fault{errc::uri_malformed, static_cast<std::uint32_t>(i)};
  uri.scheme_ = static_cast<std::uint16_t>(i++);
  if (text.substr(i, 2) == "//") {
    const auto end = scan_authority(text, i + 2);
    if (!end) return end.error();
    uri.has_authority_ = true;
    i = *end;
  }
  uri.path_ = static_cast<std::uint16_t>(i);
  i = span(text, i, ":@/");
  uri.path_end_ = static_cast<std::uint16_t>(i);
  if (i < text.size() && text[i] == '?') i = span(text, i + 1, ":@/?");
  if (i != text.size()) return fail(text, i);
  return uri;
}

}  // namespace sansmtp

#endif
