// The reply codes in use, each with its sense in our words (RFC 5321 4.2.3 and the extensions).
//
// A client acts on the first digit alone (RFC 5321 4.2.1); this table is for whoever must tell a
// person, or a log, what a server said. A code that is not in it has the sense of its first digit.

#ifndef SANSMTP_WIRE_REPLY_REGISTRY_HPP
#define SANSMTP_WIRE_REPLY_REGISTRY_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansmtp/wire/reply_code.hpp"

namespace sansmtp {

struct reply_code_facts {
  reply_code code;  // 0: the row of a whole class
  std::string_view meaning;
  std::string_view rfc;  // where it is defined; empty: in no RFC
};

// In ascending order.
inline constexpr reply_code_facts reply_code_table[] = {
    {211, "status of the system, or help about it", "RFC 5321"},
    {214, "help for a person", "RFC 5321"},
    {220, "ready to serve, or to start TLS", "RFC 5321"},
    {221, "goodbye; the server closes the connection", "RFC 5321"},
    {235, "authenticated", "RFC 4954"},
    {250, "done", "RFC 5321"},
    {251, "not here, but forwarded to the path in the text; to ETRN: nothing is waiting", "RFC 5321"},
    {252, "not verified, but it will be tried; to ETRN: what is waiting is on its way", "RFC 5321"},
    {253, "as many messages as the text says are on their way to the node", "RFC 1985"},
    {334, "the server's challenge in base64; answer it", "RFC 4954"},
    {353, "a reply for each recipient follows", ""},
    {354, "send the message now", "RFC 5321"},
    {355, "send the message from the octet on that begins the text", "RFC 1845"},
    {421, "no service now; the server closes the connection", "RFC 5321"},
    {422, "the registry's number for a needed password transition; 432 is what is sent", ""},
    {430, "an invalid command, by the registry of status codes alone", ""},
    {432, "the password must be given in clear once before this mechanism works", "RFC 4954"},
    {450, "the mailbox can not be used now", "RFC 5321"},
    {451, "an error in the server; try again later", "RFC 5321"},
    {452, "no storage now, or no more recipients in one transaction", "RFC 5321"},
    {453, "no mail is waiting for these domains", "RFC 2645"},
    {454, "TLS is not to be had now, or authentication fails for a while", "RFC 3207"},
    {455, "these parameters can not be met now", "RFC 5321"},
    {458, "messages for the node can not be sent on now", "RFC 1985"},
    {459, "that node is not allowed", "RFC 1985"},
    {500, "the command is not known, or its line is too long", "RFC 5321"},
    {501, "the command's arguments are wrong, or the exchange was cancelled", "RFC 5321"},
    {502, "the command is known but not implemented", "RFC 5321"},
    {503, "the command is out of sequence", "RFC 5321"},
    {504, "this argument is not implemented, or this mechanism is not known", "RFC 5321"},
    {521, "the host never takes mail", "RFC 7504"},
    {523, "encryption is needed, by the registry of status codes", "RFC 5248"},
    {524, "the mechanism needs encryption, by the registry of status codes", "RFC 5248"},
    {525, "the account is disabled, by the registry of status codes", "RFC 5248"},
    {530, "authentication or TLS is required first", "RFC 4954"},
    {533, "not authorized, by the registry of status codes alone", ""},
    {534, "the mechanism is too weak", "RFC 4954"},
    {535, "the credentials are wrong", "RFC 4954"},
    {538, "the mechanism needs encryption", "RFC 4954"},
    {550, "there is no such mailbox, or a policy refuses", "RFC 5321"},
    {551, "not here; try the path in the text", "RFC 5321"},
    {552, "more than the mailbox or the server may store", "RFC 5321"},
    {553, "the mailbox's name is not allowed", "RFC 5321"},
    {554, "failed, or no service at all", "RFC 5321"},
    {555, "a parameter of MAIL or RCPT is not known or not implemented", "RFC 5321"},
    {556, "the domain takes no mail", "RFC 7504"},
};

// By the first digit; the first two are no class.
inline constexpr std::array<reply_code_facts, 6> reply_class_table{{
    {0, "no reply code", ""},
    {0, "no reply code", ""},
    {0, "done", "RFC 5321"},
    {0, "go on", "RFC 5321"},
    {0, "not now", "RFC 5321"},
    {0, "not ever in this form", "RFC 5321"},
}};

consteval bool reply_code_table_is_sorted() noexcept {
  for (std::size_t i = 1; i < sizeof reply_code_table / sizeof *reply_code_table; ++i)
    if (reply_code_table[i - 1].code.value >= reply_code_table[i].code.value) return false;
  return true;
}
static_assert(reply_code_table_is_sorted(), "each code once, in ascending order");

// The sense of a code: its own, or else its class's, of which the row's code is 0.
constexpr const reply_code_facts& describe(reply_code code) noexcept {
  for (const reply_code_facts& row : reply_code_table)
    if (row.code == code) return row;
  return reply_class_table[code.value < 600 ? code.value / 100U : 0U];
}

}  // namespace sansmtp

#endif
