// said: what a client may say at each place of a conversation, in octets and by what it means.
//
// One of each kind: well formed, refused by its grammar, and well formed but asking for what may not
// be had. What a line means is written beside it by hand, for the rules to judge (server_rules.hpp);
// the library reads the octets alone.

#ifndef SANSMTP_TESTS_MODEL_SAID_HPP
#define SANSMTP_TESTS_MODEL_SAID_HPP

#include <cstdint>
#include <span>
#include <string_view>

namespace model {

enum class kind : std::uint8_t {
  greeting,  // nobody speaks: the server greets
  ehlo, helo, lhlo, mail, rcpt, data, bdat, rset, noop, vrfy, expn, help, starttls, auth, etrn, atrn, turn, xclient, xforward,
  soml, burl, quit, not_implemented, unknown,
  content,   // octets of a message by DATA
  octets,    // octets of a chunk that has begun
  response,  // a line of an AUTH exchange
  handshake, // no octets: TLS was agreed upon
};

// What is to be known of a line besides its verb.
enum trait : std::uint32_t {
  none = 0,
  malformed = 1 << 0,
  last = 1 << 1,          // BDAT or BURL
  unreadable = 1 << 2,    // BDAT whose size is no number
  utf8 = 1 << 3,          // MAIL: SMTPUTF8; RCPT: an address beyond ASCII
  binary = 1 << 4,        // MAIL: BODY=BINARYMIME
  transid = 1 << 5,       // MAIL: TRANSID
  prdr = 1 << 6,          // MAIL: PRDR
  large = 1 << 7,         // MAIL: a SIZE over the limit
  unheard_of = 1 << 8,    // MAIL: a parameter that nobody knows
  initial = 1 << 9,       // AUTH with an initial response
  no_mechanism = 1 << 10, // AUTH with a mechanism that is not offered
  cancel = 1 << 11,       // the line is *
  ends = 1 << 12,         // content: the final dot is there
  too_long = 1 << 13,     // longer than a line may be
};

struct said {
  std::string_view line;  // as sent
  kind what;
  std::uint32_t traits = none;
  std::string_view octets{};   // of the message, as they are meant: without stuffing
  std::uint32_t promised = 0;  // by BDAT

  constexpr bool is(trait t) const noexcept { return (traits & t) != 0; }
};

inline constexpr std::string_view long_noop =
    "NOOP xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n";

inline constexpr said commands[] = {
    {"EHLO c.example\r\n", kind::ehlo},
    {"HELO c.example\r\n", kind::helo},
    {"LHLO c.example\r\n", kind::lhlo},
    {"EHLO\r\n", kind::ehlo, malformed},
    {"MAIL FROM:<a@b.example>\r\n", kind::mail},
    {"MAIL FROM:<> BODY=BINARYMIME\r\n", kind::mail, binary},
    {"MAIL FROM:<a@b.example> SMTPUTF8\r\n", kind::mail, utf8},
    {"MAIL FROM:<a@b.example> TRANSID=<1@b.example>\r\n", kind::mail, transid},
    {"MAIL FROM:<a@b.example> PRDR\r\n", kind::mail, prdr},
    {"MAIL FROM:<a@b.example> SIZE=9\r\n", kind::mail, large},
    {"MAIL FROM:<a@b.example> UNHEARD=1\r\n", kind::mail, unheard_of},
    {"MAIL FROM:a b\r\n", kind::mail, malformed},
    {"RCPT TO:<c@d.example>\r\n", kind::rcpt},
    {"RCPT TO:<\xC3\xBC@d.example>\r\n", kind::rcpt, utf8},
    {"RCPT TO:<c d>\r\n", kind::rcpt, malformed},
    {"DATA\r\n", kind::data},
    {"DATA now\r\n", kind::data, malformed},
    {"BDAT 6\r\nQUIT\r\n", kind::bdat, none, "QUIT\r\n", 6},
    {"BDAT 0\r\n", kind::bdat, none, "", 0},
    {"BDAT 2 LAST\r\n\r\n", kind::bdat, last, "\r\n", 2},
    {"BDAT 0 LAST\r\n", kind::bdat, last, "", 0},
    {"BDAT 3\r\na\nb", kind::bdat, none, "a\nb", 3},
    {"BDAT 1\r\n\r", kind::bdat, none, "\r", 1},
    {"BDAT 4\r\nNO", kind::bdat, none, "NO", 4},
    {"BDAT 4 LAST\r\nNO", kind::bdat, last, "NO", 4},
    {"BDAT x\r\n", kind::bdat, malformed | unreadable},
    {"BDAT 6 FIRST\r\nQUIT\r\n", kind::bdat, malformed, "QUIT\r\n", 6},
    {"BDAT 4 FIRST\r\nNO", kind::bdat, malformed, "NO", 4},
    {"RSET\r\n", kind::rset},
    {"RSET all\r\n", kind::rset, malformed},
    {"NOOP anything\r\n", kind::noop},
    {"NOOP\nRSET\r\n", kind::noop, malformed},
    {long_noop, kind::noop, too_long},
    {"VRFY a\r\n", kind::vrfy},
    {"EXPN a\r\n", kind::expn},
    {"HELP\r\n", kind::help},
    {"STARTTLS\r\n", kind::starttls},
    {"STARTTLS now\r\n", kind::starttls, malformed},
    {"AUTH CRAM-MD5\r\n", kind::auth},
    {"AUTH PLAIN AHUAcA==\r\n", kind::auth, initial},
    {"AUTH PLAIN =\r\n", kind::auth, initial},
    {"AUTH PLAIN !\r\n", kind::auth, initial | malformed},
    {"AUTH NONE\r\n", kind::auth, no_mechanism},
    {"ETRN example.org\r\n", kind::etrn},
    {"ATRN example.org\r\n", kind::atrn},
    {"TURN\r\n", kind::turn},
    {"XCLIENT NAME=spike.example\r\n", kind::xclient},
    {"XFORWARD NAME=spike.example\r\n", kind::xforward},
    {"SOML FROM:<a@b.example>\r\n", kind::soml},
    {"BURL imap://u@h/m;uid=1\r\n", kind::burl},
    {"BURL imap://u@h/m;uid=1 LAST\r\n", kind::burl, last},
    {"QUIT\r\n", kind::quit},
    {"QUIT now\r\n", kind::quit, malformed},
    {"VERB\r\n", kind::not_implemented},
    {"XUNHEARD of\r\n", kind::unknown},
    {"\r\n", kind::unknown, malformed},
    {"\xFF\r\n", kind::unknown, malformed},
};

// Between 354 and the final dot. Eight octets of content are the limit.
inline constexpr said contents[] = {
    {".\r\n", kind::content, ends},
    {"a\r\n..b\r\n.\r\n", kind::content, ends, "a\r\n.b\r\n"},
    {"RSET\r\n", kind::content, none, "RSET\r\n"},
    {"a\nb\r\n", kind::content, none, "a\nb\r\n"},
    {".\n.\r\n\r\n.\r\n", kind::content, ends, "\n\r\n\r\n"},
    {"QUIT\r\nBDAT 0 LAST\r\n.\r\n", kind::content, ends, "QUIT\r\nBDAT 0 LAST\r\n"},
};

// The rest of a chunk that lacks two octets.
inline constexpr said rests[] = {
    {"\r\n", kind::octets, none, "\r\n"},
    {"O", kind::octets, none, "O"},
    {"\na", kind::octets, none, "\na"},
};

// Behind 334.
inline constexpr said responses[] = {
    {"QUJD\r\n", kind::response},
    {"\r\n", kind::response},
    {"QUIT\r\n", kind::response},  // four letters are base64
    {"*\r\n", kind::response, cancel},
    {"EHLO c.example\r\n", kind::response, malformed},
    {"QUJ\r\n", kind::response, malformed},
};

inline constexpr said greetings[] = {{"", kind::greeting}};

// Behind 220 to STARTTLS: the handshake itself, or octets in the clear.
inline constexpr said handshakes[] = {
    {"", kind::handshake},
    {"NOOP\r\n", kind::noop},
};

// What was said once and by the rules is of no account any more: what the newest MAIL and the newest
// AUTH were like, accepted or not. A session that would still remember it is a state of its own.
struct past {
  std::uint8_t mail = 0;
  std::uint8_t auth = 0;

  constexpr void note(const said& s) noexcept {
    if (s.what == kind::mail)
      mail = static_cast<std::uint8_t>(1 + s.is(utf8) + 2 * s.is(binary) + 3 * s.is(transid) + 4 * s.is(prdr) + 5 * s.is(malformed));
    if (s.what == kind::auth) auth = static_cast<std::uint8_t>(1 + s.is(initial));
  }
  constexpr std::uint64_t key() const noexcept { return mail * 3U + auth; }
};

}  // namespace model

#endif
