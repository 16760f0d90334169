// mailbox: Local-part "@" host, the address of RFC 5321 4.1.2.
//
// Borrows the octets that it was parsed from. A Dot-string holds no "@" and a Quoted-string hides its
// own, so the first "@" outside quotes is the one that counts, and a second one is a fault: what
// stands behind it could be read as another host by another system.

#ifndef SANSMTP_GRAMMAR_MAILBOX_HPP
#define SANSMTP_GRAMMAR_MAILBOX_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/base/fast_paths.hpp"
#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/literal.hpp"
#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/glance.hpp"
#include "sansmtp/grammar/host.hpp"
#include "sansmtp/grammar/local_part.hpp"

namespace sansmtp {

class mailbox {
 public:
  static constexpr std::size_t max_octets = limits::mailbox;

  // The whole text is a Mailbox of at most 254 octets. Faults: those of local_part and host, at_sign_missing,
  // path_too_long; all at the octet that breaks the rule. Quirks: theirs.
  static constexpr result<mailbox> parse(std::string_view text, quirks leniency = quirks::strict) noexcept;

  // Writes the mailbox of a local part given raw, quoting it where it must be, and returns a view of what was
  // written: good as long as those octets stay in `out`. Faults: those of compose_local_part, with the place in
  // raw_local; path_too_long; output_full.
  static constexpr result<mailbox> compose(std::string_view raw_local, const sansmtp::host& at, writer& out) noexcept;

  constexpr std::string_view text() const noexcept { return text_; }
  constexpr local_part local() const noexcept {
    return local_part(text_.empty() ? text_ : std::string_view(text_.data(), at_), local_ascii_);
  }
  constexpr sansmtp::host host() const noexcept {
    if (text_.empty()) return sansmtp::host(text_, host_form_);
    return sansmtp::host(std::string_view(text_.data() + at_ + 1, text_.size() - at_ - 1), host_form_);
  }
  constexpr bool is_ascii() const noexcept { return local_ascii_ && host_form_ != sansmtp::host::form::utf8_domain; }

  // The same mailbox, however quoted and whatever the case of its domain.
  friend constexpr bool operator==(const mailbox& a, const mailbox& b) noexcept {
    return same_local_part(a.local(), b.local()) && a.host() == b.host();
  }

  // For grammars that hold a mailbox.
  struct extent {
    std::size_t at;   // where "@" stands, or, when there is none, where the local part ends
    std::size_t end;  // where the mailbox ends; equal to `at` when there is no "@"
    bool local_ascii;
    sansmtp::host::form host_form;
  };
  // Where the one that begins at `from` ends. `followers` is "@" and behind it the octets that may follow the
  // mailbox; they may also follow the local part, for the bare Postmaster of a path.
  static constexpr result<extent> scan(std::string_view text, std::size_t from, std::string_view followers,
                                       quirks leniency) noexcept;

 private:
  friend class path;
  static constexpr result<extent> scan_octets(std::string_view text, std::size_t from, std::string_view followers,
                                              quirks leniency) noexcept;
  constexpr mailbox(std::string_view text, std::size_t at, bool local_ascii, sansmtp::host::form form) noexcept
      : text_(text), at_(static_cast<std::uint16_t>(at)), local_ascii_(local_ascii), host_form_(form) {}

  std::string_view text_;
  std::uint16_t at_;
  bool local_ascii_;
  sansmtp::host::form host_form_;
};

// Mailbox = Local-part "@" ( Domain / address-literal )
SANSMTP_INLINED constexpr result<mailbox::extent> mailbox::scan(std::string_view text, std::size_t from,
                                                                std::string_view followers, quirks leniency) noexcept {
  const glance::extent usual = glance(text, from).mailbox();
  if (const std::size_t end = from + usual.length;
      usual.length != 0 &&
      (end == text.size() || octets::among(static_cast<unsigned char>(text[end]), followers.substr(1))))
    return extent{from + usual.at, end, true, sansmtp::host::form::ascii_domain};
  return scan_octets(text, from, followers, leniency);
}

constexpr result<mailbox::extent> mailbox::scan_octets(std::string_view text, std::size_t from,
                                                       std::string_view followers, quirks leniency) noexcept {
  const result<local_part::extent> local = local_part::scan(text, from, followers, leniency);
  if (!local) return local.error();
  const std::size_t at = local->end;
  if (at == text.size() || text[at] != '@') return extent{at, at, local->ascii, sansmtp::host::form::ascii_domain};
  const result<sansmtp::host::extent> behind = sansmtp::host::scan(text, at + 1, followers.substr(1), leniency);
  if (!behind) return behind.error();
  return extent{at, behind->end, local->ascii, behind->what};
}

constexpr result<mailbox> mailbox::parse(std::string_view text, quirks leniency) noexcept {
  const auto fail = [](errc code, std::size_t at) { return fault{code, static_cast<std::uint32_t>(at)}; };
  const result<extent> whole = scan(text, 0, "@", leniency);
  if (!whole) return whole.error();
  if (whole->end == whole->at) return fail(errc::at_sign_missing, whole->at);
  if (text.size() > limits::mailbox) return fail(errc::path_too_long, limits::mailbox);
  return mailbox(text, whole->at, whole->local_ascii, whole->host_form);
}

constexpr result<mailbox> mailbox::compose(std::string_view raw_local, const sansmtp::host& at, writer& out) noexcept {
  writer::draft draft(out);
  if (const result<void> local = compose_local_part(raw_local, draft); !local) return local.error();
  const std::size_t at_sign = draft.size();
  draft.put('@').put(at.text());
  const std::string_view text = draft.text();
  if (at_sign + 1 + at.text().size() > limits::mailbox) return fault{errc::path_too_long, limits::mailbox};
  if (const result<void> written = draft.commit(); !written) return written.error();
  return mailbox(text, at_sign, sansmtp::is_ascii(raw_local), at.form_);
}

inline namespace literals {

template <fixed_string Text>
constexpr mailbox operator""_mailbox() noexcept {
  constexpr result<mailbox> parsed = mailbox::parse(Text.view());
  static_assert(parsed.has_value(), "the literal is no Mailbox (RFC 5321 4.1.2)");
  return *parsed;
}

}  // namespace literals

}  // namespace sansmtp

#endif
