// path: what stands in angle brackets behind MAIL FROM: and RCPT TO: (RFC 5321 4.1.2).
//
// A reverse_path may be null, "<>"; a forward_path may be the bare "<Postmaster>" (RFC 5321 4.1.1.3).
// A source route is parsed and shown, but it is no part of the address: receivers MUST ignore it and
// nobody should write it (RFC 5321 3.6.1, appendix C), so encode() drops it and == does not see it.
// Borrows the octets that it was parsed from.

#ifndef SANSMTP_GRAMMAR_PATH_HPP
#define SANSMTP_GRAMMAR_PATH_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/literal.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/domain.hpp"
#include "sansmtp/grammar/glance.hpp"
#include "sansmtp/grammar/mailbox.hpp"

namespace sansmtp {

// A path at the front of a longer text, and how many octets of that text it takes.
template <class Path>
struct path_prefix {
  Path path;
  std::size_t used;
};

// What both kinds of path share. Made only as one of them.
class path {
 public:
  static constexpr std::size_t max_octets = limits::path;

  // As it was given: with brackets and source route off the wire, without brackets when made of a mailbox.
  constexpr std::string_view text() const noexcept { return text_; }

  // Precondition: neither null nor the bare Postmaster; those give an empty mailbox, that no parse gives.
  constexpr sansmtp::mailbox mailbox() const noexcept {
    if (what_ != kind::mailbox) return sansmtp::mailbox({}, 0, true, host::form::ascii_domain);
    const std::size_t size = text_.size() - begin_ - bracket();
    return sansmtp::mailbox({text_.data() + begin_, size}, at_, local_ascii_, host_form_);
  }

  // "@one.example,@two.example", without its colon; empty when there is none.
  constexpr std::string_view source_route() const noexcept {
    const std::size_t first = bracket();
    if (begin_ <= first) return {};
    return {text_.data() + first, begin_ - first - 1};
  }

  // What a glance tells of a path of the usual sort that begins there in a text (glance.hpp): where its "@" stands,
  // and how many octets it takes; none when it is not of that sort. Numbers, and not a path, because what is put
  // together in pieces and then moved as a whole must wait for its pieces.
  struct usual {
    std::size_t at = 0;
    std::size_t used = 0;
  };
  [[gnu::always_inline]] static constexpr usual at_a_glance(std::string_view text, std::size_t from) noexcept;

  // Whether SMTPUTF8 is needed to send it (RFC 6531 3.4), the source route included.
  constexpr bool is_ascii() const noexcept {
    return local_ascii_ && route_ascii_ && host_form_ != host::form::utf8_domain;
  }

 protected:
  enum class kind : std::uint8_t { null, postmaster, mailbox };

  constexpr path(kind special, std::string_view text) noexcept : text_(text), what_(special) {}
  constexpr explicit path(const sansmtp::mailbox& m) noexcept
      : text_(m.text()), at_(m.at_), local_ascii_(m.local_ascii_), host_form_(m.host_form_), what_(kind::mailbox) {}

  constexpr path(std::string_view text, usual seen) noexcept
      : text_(text.data(), seen.used), begin_(1), at_(static_cast<std::uint16_t>(seen.at)), what_(kind::mailbox) {}

  constexpr kind what() const noexcept { return what_; }
  constexpr bool same_as(const path& other) const noexcept {
    return what_ == other.what_ && (what_ != kind::mailbox || mailbox() == other.mailbox());
  }

  // The path at the front of `text`, whose end only the grammar can tell: ">" may stand in quotes.
  static constexpr result<path_prefix<path>> scan(std::string_view text, kind special, quirks leniency) noexcept;

  template <class Path>
  static constexpr result<Path> whole(std::string_view text, quirks leniency) noexcept {
    const result<path_prefix<Path>> front = Path::parse_prefix(text, leniency);
    if (!front) return front.error();
    if (front->used != text.size()) return fault{errc::argument_malformed, static_cast<std::uint32_t>(front->used)};
    return front->path;
  }

 private:
  struct route_extent {
    std::size_t end;
    bool ascii;
  };
  static constexpr result<route_extent> scan_route(std::string_view text, std::size_t from, quirks leniency) noexcept;
  static constexpr result<path_prefix<path>> scan_unbounded(std::string_view text, kind special,
                                                            quirks leniency) noexcept;
  static constexpr fault why_refused(const result<path_prefix<path>>& found, std::string_view text, std::size_t most,
                                     bool bracketed) noexcept;
  constexpr std::size_t bracket() const noexcept { return !text_.empty() && text_[0] == '<' ? 1 : 0; }

  std::string_view text_;
  std::uint16_t begin_ = 0;  // where the mailbox begins
  std::uint16_t at_ = 0;     // where its "@" stands, from there
  bool local_ascii_ = true;
  bool route_ascii_ = true;
  host::form host_form_ = host::form::ascii_domain;
  kind what_;
};

// Reverse-path = Path / "<>"
class reverse_path : public path {
 public:
  constexpr reverse_path(const sansmtp::mailbox& m) noexcept : path(m) {}
  static constexpr reverse_path null() noexcept { return reverse_path(kind::null, "<>"); }

  // The whole text is a Reverse-path. Faults: those of mailbox; path_bare, path_open, path_too_long (over 256 octets
  // with brackets), source_route; argument_malformed behind the ">". Quirks: those of mailbox, bare_path.
  static constexpr result<reverse_path> parse(std::string_view text, quirks leniency = quirks::strict) noexcept {
    return whole<reverse_path>(text, leniency);
  }
  // The same at the front of a longer text: up to its ">", or under bare_path up to SP. What follows is not looked at.
  static constexpr result<path_prefix<reverse_path>> parse_prefix(std::string_view text,
                                                                  quirks leniency = quirks::strict) noexcept {
    const result<path_prefix<path>> front = scan(text, kind::null, leniency);
    if (!front) return front.error();
    return path_prefix<reverse_path>{reverse_path(front->path), front->used};
  }
  // The same, of what at_a_glance() has told of this text.
  [[gnu::always_inline]] static constexpr reverse_path of_glance(std::string_view text, usual seen) noexcept {
    return {text, seen};
  }

  constexpr bool is_null() const noexcept { return what() == kind::null; }

  friend constexpr bool operator==(const reverse_path& a, const reverse_path& b) noexcept { return a.same_as(b); }

 private:
  constexpr reverse_path(kind special, std::string_view text) noexcept : path(special, text) {}
  constexpr reverse_path(std::string_view text, usual seen) noexcept : path(text, seen) {}
  constexpr explicit reverse_path(const path& p) noexcept : path(p) {}
};

// Forward-path = Path, and behind RCPT TO: also "<Postmaster>" in any case (RFC 5321 4.1.1.3)
class forward_path : public path {
 public:
  constexpr forward_path(const sansmtp::mailbox& m) noexcept : path(m) {}
  static constexpr forward_path postmaster() noexcept { return forward_path(kind::postmaster, "<Postmaster>"); }

  // The whole text is a Forward-path. Faults: as reverse_path::parse, and path_null for "<>".
  static constexpr result<forward_path> parse(std::string_view text, quirks leniency = quirks::strict) noexcept {
    return whole<forward_path>(text, leniency);
  }
  static constexpr result<path_prefix<forward_path>> parse_prefix(std::string_view text,
                                                                  quirks leniency = quirks::strict) noexcept {
    const result<path_prefix<path>> front = scan(text, kind::postmaster, leniency);
    if (!front) return front.error();
    return path_prefix<forward_path>{forward_path(front->path), front->used};
  }
  // The same, of what at_a_glance() has told of this text.
  [[gnu::always_inline]] static constexpr forward_path of_glance(std::string_view text, usual seen) noexcept {
    return {text, seen};
  }

  // The bare <Postmaster>, which is the server's own; <postmaster@b.example> is a mailbox like any other.
  constexpr bool is_postmaster() const noexcept { return what() == kind::postmaster; }

  friend constexpr bool operator==(const forward_path& a, const forward_path& b) noexcept { return a.same_as(b); }

 private:
  constexpr forward_path(kind special, std::string_view text) noexcept : path(special, text) {}
  constexpr forward_path(std::string_view text, usual seen) noexcept : path(text, seen) {}
  constexpr explicit forward_path(const path& p) noexcept : path(p) {}
};

// Writes the path as RFC 5321 wants it written: in brackets, and without source route.
constexpr void encode(const reverse_path& p, writer::draft& out) noexcept {
  out.put('<').put(p.mailbox().text()).put('>');
}
constexpr void encode(const forward_path& p, writer::draft& out) noexcept {
  out.put('<').put(p.is_postmaster() ? std::string_view("Postmaster") : p.mailbox().text()).put('>');
}

// A-d-l     = At-domain *( "," At-domain )
// At-domain = "@" Domain
//
// With the ":" behind it, which `end` passes.
constexpr result<path::route_extent> path::scan_route(std::string_view text, std::size_t from,
                                                      quirks leniency) noexcept {
  bool ascii = true;
  for (std::size_t i = from;;) {
    if (i == text.size() || text[i] != '@') return fault{errc::source_route, static_cast<std::uint32_t>(i)};
    const result<domain::extent> hop = domain::scan(text, i + 1, ",:>", leniency);
    if (!hop) return hop.error();
    ascii = ascii && hop->ascii;
    i = hop->end;
    if (i == text.size() || text[i] == '>') return fault{errc::source_route, static_cast<std::uint32_t>(i)};
    if (text[i++] == ':') return route_extent{i, ascii};
  }
}

// Path = "<" [ A-d-l ":" ] Mailbox ">"
constexpr result<path_prefix<path>> path::scan_unbounded(std::string_view text, kind special,
                                                         quirks leniency) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  if (text.empty()) return fail(errc::path_bare, 0);
  const bool bracketed = text[0] == '<';
  if (!bracketed && !leniency.allow(quirk::bare_path)) return fail(errc::path_bare, 0);
  std::size_t begin = bracketed ? 1 : 0;
  if (bracketed && text.size() > 1 && text[1] == '>') {
    if (special != kind::null) return fail(errc::path_null, 1);
    return path_prefix<path>{path(kind::null, text.substr(0, 2)), 2};
  }
  bool route_ascii = true;
  if (begin < text.size() && text[begin] == '@') {
    const result<route_extent> route = scan_route(text, begin, leniency);
    if (!route) return route.error();
    route_ascii = route->ascii;
    begin = route->end;
  }
  const result<sansmtp::mailbox::extent> inner = sansmtp::mailbox::scan(text, begin, bracketed ? "@>" : "@ ", leniency);
  if (!inner) return inner.error();
  const std::size_t end = inner->end;
  const std::size_t used = bracketed ? end + 1 : end;
  if (bracketed && end == text.size()) return fail(errc::path_open, end);
  if (inner->at == end) {
    if (special == kind::postmaster && begin < 2 && equal_ignoring_case(text.substr(begin, end - begin), "postmaster"))
      return path_prefix<path>{path(kind::postmaster, std::string_view(text.data(), used)), used};
    return fail(errc::at_sign_missing, end);
  }
  path found(kind::mailbox, std::string_view(text.data(), used));
  found.begin_ = static_cast<std::uint16_t>(begin);
  found.at_ = static_cast<std::uint16_t>(inner->at - begin);
  found.local_ascii_ = inner->local_ascii;
  found.route_ascii_ = route_ascii;
  found.host_form_ = inner->host_form;
  return path_prefix<path>{found, used};
}

constexpr path::usual path::at_a_glance(std::string_view text, std::size_t from) noexcept {
  if (from == text.size() || text[from] != '<') return {};
  const glance::extent seen = glance(text, from + 1).mailbox();
  const std::size_t end = from + 1 + seen.length;
  if (seen.length == 0 || end == text.size() || text[end] != '>') return {};
  return {seen.at, end + 1 - from};
}

constexpr result<path_prefix<path>> path::scan(std::string_view text, kind special, quirks leniency) noexcept {
  const result<path_prefix<path>> found = scan_unbounded(text, special, leniency);
  const bool bracketed = !text.empty() && text[0] == '<';
  const std::size_t most = bracketed ? limits::path : limits::mailbox;
  if (!found || found->used > most) return why_refused(found, text, most, bracketed);
  return found;
}

constexpr fault path::why_refused(const result<path_prefix<path>>& found, std::string_view text, std::size_t most,
                                  bool bracketed) noexcept {
  const fault too_long{errc::path_too_long, static_cast<std::uint32_t>(most)};
  if (found) return too_long;
  fault why = found.error();
  // What is missing where the text ends is the rest of the path, unless the end fell inside quotes.
  if (bracketed && why.at >= text.size() && why.code != errc::quoted_string_open) why.code = errc::path_open;
  return why.at >= most ? too_long : why;
}

inline namespace literals {

template <fixed_string Text>
constexpr reverse_path operator""_reverse_path() noexcept {
  constexpr result<reverse_path> parsed = reverse_path::parse(Text.view());
  static_assert(parsed.has_value(), "the literal is no Reverse-path (RFC 5321 4.1.2)");
  return *parsed;
}

template <fixed_string Text>
constexpr forward_path operator""_forward_path() noexcept {
  constexpr result<forward_path> parsed = forward_path::parse(Text.view());
  static_assert(parsed.has_value(), "the literal is no Forward-path (RFC 5321 4.1.2)");
  return *parsed;
}

}  // namespace literals

}  // namespace sansmtp

#endif
