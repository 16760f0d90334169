// The commands: one small struct a verb, and the variant of them all (RFC 5321 4.1.1 and extensions).
//
// parse_command() makes them from a line and encode() writes them; a caller who writes makes them
// by hand. All they hold are numbers and views: of the line that was parsed, or of what the caller
// gave. Verbs that need no more here than to be told apart, and those that nobody knows, are `other`.

#ifndef SANSMTP_WIRE_COMMAND_HPP
#define SANSMTP_WIRE_COMMAND_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>

#include "sansmtp/grammar/absolute_uri.hpp"
#include "sansmtp/grammar/base64.hpp"
#include "sansmtp/grammar/hello_name.hpp"
#include "sansmtp/grammar/path.hpp"
#include "sansmtp/grammar/xtext.hpp"
#include "sansmtp/wire/client_attributes.hpp"
#include "sansmtp/wire/domain_list.hpp"
#include "sansmtp/wire/etrn_node.hpp"
#include "sansmtp/wire/mail_parameters.hpp"
#include "sansmtp/wire/rcpt_parameters.hpp"
#include "sansmtp/wire/verb.hpp"

namespace sansmtp {

// HELO, EHLO, LHLO: who the client says it is (RFC 5321 4.1.1.1, RFC 2033 4.1).
struct helo {
  hello_name name;
};
struct ehlo {
  hello_name name;
};
struct lhlo {
  hello_name name;
};

// Opens a transaction (RFC 5321 4.1.1.2).
struct mail {
  reverse_path from;
  mail_parameters parameters{};
};

// Adds a recipient to it (RFC 5321 4.1.1.3).
struct rcpt {
  forward_path to;
  rcpt_parameters parameters{};
};

// The message follows, up to its dot (RFC 5321 4.1.1.4).
struct data {};

// `size` octets of the message follow; `last`: they are its end (RFC 3030 2).
struct bdat {
  std::uint64_t size = 0;
  bool last = false;
};

struct rset {};  // RFC 5321 4.1.1.5

struct noop {  // RFC 5321 4.1.1.9
  std::string_view text{};
};

struct quit {};  // RFC 5321 4.1.1.10

// Whom to look for, as it was written: a word, a quoted string, or an address (RFC 5321 4.1.1.6,
// 4.1.1.7). The reply may hold UTF-8 when `smtputf8` says so (RFC 6531 3.7.4.2), or in its place the
// word from before that, `utf8_reply` (RFC 5336 3.7.4.2); never both.
struct vrfy {
  std::string_view text;
  bool smtputf8 = false;
  bool utf8_reply = false;
};
struct expn {
  std::string_view text;
  bool smtputf8 = false;
  bool utf8_reply = false;
};

struct help {  // RFC 5321 4.1.1.8
  std::string_view text{};
};

struct starttls {};  // RFC 3207 4

// Begins an exchange. The initial response can be absent, or present and empty, which the line
// shows as "=" (RFC 4954 4).
struct auth {
  std::string_view mechanism;
  std::optional<base64_text> initial_response{};
};

// Asks the server to send what it holds for a node, over another connection (RFC 1985 5).
struct etrn {
  etrn_node node;
};

// Asks for the mail of these domains, or without any of all that are ours, over this connection,
// on which the client is the server from then on (RFC 2645 5.2.1).
struct atrn {
  domain_list domains{};
};

// What the URL names follows in the message; `last`: it is the end of it (RFC 4468 3.2).
struct burl {
  absolute_uri url;
  bool last = false;
};

// SEND, SOML and SAML: MAIL to a terminal, to a terminal or else a mailbox, to both (RFC 821 3.4).
// Called by the RFC's long names: send alone is a function of every socket library.
struct send_to_terminal {
  reverse_path from;
};
struct send_or_mail {
  reverse_path from;
};
struct send_and_mail {
  reverse_path from;
};

// Of the client that a proxy stands for: for the server to believe, or only to log. Of no RFC.
struct xclient {
  xclient_attributes attributes;
};
struct xforward {
  xforward_attributes attributes;
};

struct wellknown {  // asks for a resource by its key. Of no RFC
  xtext key;
};

// Any other verb, known or not, with the text behind it. An empty `name` is written as `kind`'s.
struct other {
  verb kind = verb::unknown;
  std::string_view name{};
  std::string_view argument{};
};

using command =
    std::variant<helo, ehlo, lhlo, mail, rcpt, data, bdat, rset, noop, quit, vrfy, expn, help, starttls, auth, etrn,
                 atrn, burl, send_to_terminal, send_or_mail, send_and_mail, xclient, xforward, wellknown, other>;

static_assert(std::is_trivially_copyable_v<command>);
static_assert(sizeof(mail) <= 176);
static_assert(sizeof(command) <= 200);

// Whether the verb has a struct of its own; one that has not is `other`.
constexpr bool has_struct(verb v) noexcept { return static_cast<std::size_t>(v) < std::variant_size_v<command> - 1; }

// The alternatives stand in the order of the verbs, so the index is the verb. `other` names its own.
constexpr verb verb_of(const command& c) noexcept {
  const auto* unlisted = std::get_if<other>(&c);
  return unlisted != nullptr ? unlisted->kind : static_cast<verb>(c.index());
}

// The verb of every command of that type; verb::unknown of `other`.
template <class Command, std::size_t Index = 0>
consteval verb verb_of() {
  if constexpr (std::is_same_v<Command, other>)
    return verb::unknown;
  else if constexpr (std::is_same_v<Command, std::variant_alternative_t<Index, command>>)
    return static_cast<verb>(Index);
  else
    return verb_of<Command, Index + 1>();
}

namespace command_order {

template <class Command, verb Verb>
inline constexpr bool stands_at =
    std::is_same_v<std::variant_alternative_t<static_cast<std::size_t>(Verb), command>, Command>;

static_assert(stands_at<helo, verb::helo> && stands_at<ehlo, verb::ehlo> && stands_at<lhlo, verb::lhlo> &&
              stands_at<mail, verb::mail> && stands_at<rcpt, verb::rcpt> && stands_at<data, verb::data> &&
              stands_at<bdat, verb::bdat> && stands_at<rset, verb::rset> && stands_at<noop, verb::noop> &&
              stands_at<quit, verb::quit> && stands_at<vrfy, verb::vrfy> && stands_at<expn, verb::expn> &&
              stands_at<help, verb::help> && stands_at<starttls, verb::starttls> && stands_at<auth, verb::auth> &&
              stands_at<etrn, verb::etrn> && stands_at<atrn, verb::atrn> && stands_at<burl, verb::burl> &&
              stands_at<send_to_terminal, verb::send> && stands_at<send_or_mail, verb::soml> &&
              stands_at<send_and_mail, verb::saml> && stands_at<xclient, verb::xclient> &&
              stands_at<xforward, verb::xforward> && stands_at<wellknown, verb::wellknown>);
static_assert(has_struct(verb::wellknown) && !has_struct(verb::turn));

}  // namespace command_order

}  // namespace sansmtp

#endif
