// Limits: every bound that the library keeps, by name, in octets unless its comment says else.
//
// Most are RFC 5321 4.5.3.1's. Where the RFC sets a floor and no ceiling, the bound is ours and
// the comment says so. What an embedding may change is an option of the session and starts here.

#ifndef SANSMTP_BASE_LIMITS_HPP
#define SANSMTP_BASE_LIMITS_HPP

#include <cstddef>
#include <cstdint>

namespace sansmtp::limits {

inline constexpr std::size_t local_part = 64;              // RFC 5321 4.5.3.1.1
inline constexpr std::size_t domain = 255;                 // RFC 5321 4.5.3.1.2
inline constexpr std::size_t domain_label = 63;            // RFC 1035 2.3.4
inline constexpr std::size_t path = 256;                   // RFC 5321 4.5.3.1.3, with "<" and ">"
inline constexpr std::size_t mailbox = path - 2;           // what a path leaves (RFC 3696 erratum 1690)
inline constexpr std::size_t command_line = 512;           // RFC 5321 4.5.3.1.4, with CRLF; extensions add to it
inline constexpr std::size_t reply_line = 512;             // RFC 5321 4.5.3.1.5, with code and CRLF, when writing
inline constexpr std::size_t text_line = 1000;             // RFC 5321 4.5.3.1.6, with CRLF, without a stuffed dot
inline constexpr std::uint32_t recipients = 100;           // RFC 5321 4.5.3.1.8: a transaction's floor
inline constexpr std::size_t esmtp_parameters = 32;        // ours: parameters of one MAIL or RCPT
inline constexpr std::size_t parameter_octets = 4096;      // ours: all parameters of one MAIL or RCPT
inline constexpr std::size_t verb = 32;                    // ours: the longest registered one has 14
inline constexpr std::size_t size_digits = 20;             // RFC 1870 6
inline constexpr std::size_t envid = 100;                  // RFC 3461 4.4, encoded
inline constexpr std::size_t orcpt = 500;                  // RFC 3461 4.2, encoded
inline constexpr std::size_t certifier = 27;               // RFC 3885 3.2: a SHA-1 in base64
inline constexpr std::size_t transid = 80;                 // RFC 1845 2
inline constexpr std::size_t solicitation = 1000;          // RFC 3865 2.2, all keywords with their commas
inline constexpr std::size_t mechanism_read = 40;          // ours: two registered names exceed RFC 4422's 20
inline constexpr std::size_t uri = 2048;                   // ours: the URL of a BURL
inline constexpr std::size_t client_attributes = 32;       // ours: attributes of one XCLIENT or XFORWARD
inline constexpr std::size_t auth_line = 12288;            // RFC 4954 4, with CRLF, of one line of an exchange
inline constexpr std::size_t sasl_message = (auth_line - 2) / 4 * 3;  // what base64 leaves of an auth_line
inline constexpr std::size_t sasl_challenge = (auth_line - 6) / 4 * 3;  // and of one that begins with "334 "
inline constexpr std::size_t sasl_identity = 255;          // RFC 4616 2: authzid and authcid
inline constexpr std::size_t sasl_password = 1024;         // ours: RFC 4616 2 sets a floor of 255; tokens travel as passwords
inline constexpr std::size_t sasl_token = 8192;            // ours: a bearer token
inline constexpr std::size_t login_user = 63;              // draft-murchison-sasl-login-00 2, characters, when writing
inline constexpr std::size_t anonymous_token = 255;        // RFC 4505 2, characters
inline constexpr std::size_t cram_challenge = 255;         // ours: RFC 2195 sets none
inline constexpr std::size_t security_layer = 0xFFFFFF;    // RFC 4752 3.1: what three octets say
inline constexpr std::size_t sasl_nonce = 255;             // ours: one side's nonce, or both of them joined
inline constexpr std::size_t channel_binding_type = 64;    // ours: the longest registered one has 21
inline constexpr std::size_t channel_binding = 512;        // ours: a digest, in each type that is registered
inline constexpr std::size_t scram_first = 2048;           // ours: a client's first message, as a server keeps it
inline constexpr std::size_t scram_salt = 255;             // ours: the salt, raw
inline constexpr std::uint32_t iterations_least = 4096;    // RFC 5802 5.1, RFC 7677 4
inline constexpr std::uint32_t iterations_most = 1000000;  // ours: about a second of a client's time
inline constexpr std::size_t digest_challenge = 2047;      // RFC 2831 2.1.1
inline constexpr std::size_t digest_response = 4095;       // RFC 2831 2.1.2
inline constexpr std::size_t burnt_stack = 4096;           // ours: stack overwritten behind a computation with secrets
inline constexpr std::size_t received_reply_line = 2048;   // ours, when reading: servers exceed 512
inline constexpr std::size_t received_reply = 65536;       // ours: one whole reply
inline constexpr std::size_t received_reply_lines = 1024;  // ours: lines of one reply
inline constexpr std::size_t mechanisms_kept = 148;        // ours: the names of an AUTH line, as a client keeps them
inline constexpr std::size_t ehlo_lines = 32;              // ours: lines of an EHLO reply that a server is given as text
inline constexpr std::size_t pipeline_runs = 20;           // ours: runs of like commands awaiting replies

}  // namespace sansmtp::limits

#endif
