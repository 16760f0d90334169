// fault: why octets or a call were refused, where, and what a server should answer.
//
// Everything about a fault lives in one row of the table below: its sentence, the RFC and section
// that it breaks, and the reply it deserves. A reply code of 0 means that no reply is due: the
// fault is the caller's, or lies in what a server sent. That every errc has its row, in its
// place, is asserted where the table ends.

#ifndef SANSMTP_BASE_FAULT_HPP
#define SANSMTP_BASE_FAULT_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sansmtp {

enum class errc : std::uint16_t {
  // lines
  line_too_long,
  line_empty,
  bare_cr,
  bare_lf,
  nul_octet,
  control_octet,
  non_ascii_octet,
  // verbs
  verb_malformed,
  verb_unknown,
  verb_not_implemented,
  verb_not_offered,
  verb_of_other_protocol,
  argument_missing,
  argument_unexpected,
  argument_malformed,
  hello_name_malformed,
  // addresses
  domain_empty,
  domain_label_empty,
  domain_label_too_long,
  domain_too_long,
  domain_octet,
  domain_hyphen,
  domain_trailing_dot,
  literal_malformed,
  literal_ipv4,
  literal_ipv6,
  local_part_empty,
  local_part_octet,
  local_part_dot,
  local_part_too_long,
  quoted_string_open,
  quoted_string_octet,
  at_sign_missing,
  path_open,
  path_bare,
  path_too_long,
  path_null,
  source_route,
  utf8_malformed,
  non_ascii_sender,
  non_ascii_recipient,
  // parameters and values
  parameter_malformed,
  parameter_repeated,
  parameter_unknown,
  parameter_not_offered,
  parameter_misplaced,
  parameter_value_missing,
  parameter_value_unexpected,
  parameter_value,
  parameter_value_too_long,
  parameter_conflict,
  too_many_parameters,
  size_malformed,
  body_malformed,
  body_not_offered,
  auth_parameter_malformed,
  ret_malformed,
  envid_malformed,
  notify_malformed,
  orcpt_malformed,
  date_time_malformed,
  by_malformed,
  hold_malformed,
  hold_past_deadline,
  priority_malformed,
  mtrk_malformed,
  mtrk_needs_envid,
  solicit_malformed,
  submitter_malformed,
  transid_malformed,
  rrvs_malformed,
  alt_address_malformed,
  xtext_malformed,
  number_malformed,
  number_too_large,
  chunk_size_malformed,
  chunk_marker,
  base64_octet,
  base64_length,
  base64_padding,
  base64_spare_bits,
  mechanism_malformed,
  node_malformed,
  domain_list_malformed,
  uri_malformed,
  attribute_malformed,
  attribute_value,
  // replies
  reply_code_malformed,
  reply_separator,
  reply_code_changed,
  reply_line_too_long,
  reply_too_long,
  reply_too_many_lines,
  reply_text_octet,
  reply_text_malformed,
  reply_unexpected,
  reply_out_of_place,
  reply_incomplete,
  enhanced_status_malformed,
  enhanced_status_class,
  enhanced_status_changed,
  ehlo_keyword_malformed,
  // order
  out_of_sequence,
  no_valid_recipients,
  transaction_broken,
  transaction_open,
  data_among_chunks,
  binary_needs_bdat,
  early_talk,
  too_many_transactions,
  too_many_recipients,
  message_too_large,
  message_bare_cr,
  message_bare_lf,
  message_unterminated,
  connection_lost,
  no_service,
  // TLS and authentication
  tls_required,
  tls_active,
  tls_residue,
  authentication_required,
  already_authenticated,
  mechanism_unknown,
  mechanism_needs_tls,
  initial_response_unexpected,
  authentication_cancelled,
  authentication_line_too_long,
  authentication_unverified,
  // SASL messages
  sasl_out_of_order,
  sasl_message_malformed,
  sasl_field_missing,
  sasl_field_empty,
  sasl_field_repeated,
  sasl_field_too_long,
  sasl_octet,
  sasl_trailing,
  sasl_proof,
  sasl_security_layer,
  sasl_error_malformed,
  sasl_prep_prohibited,
  sasl_prep_needed,
  sasl_nonce,
  sasl_verifier,
  saslname_malformed,
  gs2_header_malformed,
  channel_binding_missing,
  channel_binding_unknown,
  channel_binding_downgraded,
  channel_binding_wrong,
  iterations_too_few,
  iterations_too_many,
  scram_extension,
  scram_server_error,
  digest_value,
  digest_unusable,
  digest_charset,
  digest_realm,
  digest_count,
  digest_service,
  // calls
  output_full,
  nothing_owed,
  answer_must_refuse,
  answer_out_of_place,
  awaiting_reply,
  pipeline_full,
  extension_not_offered,
  chunk_open,
  chunk_overrun,
  session_closed,
};

// An errc and the place, in octets from the start of what was parsed, that it is about.
struct fault {
  errc code{};
  std::uint32_t at = 0;

  friend constexpr bool operator==(const fault&, const fault&) noexcept = default;
};
static_assert(sizeof(fault) == 8);

// The same fault, seen from text that begins `octets` earlier.
constexpr fault operator+(fault f, std::size_t octets) noexcept {
  return {f.code, f.at + static_cast<std::uint32_t>(octets)};
}

// A fault of a message's octet: 2^32-1 for a place beyond that.
constexpr fault distant_fault(errc code, std::uint64_t at) noexcept {
  constexpr std::uint64_t most = 0xFFFFFFFF;
  return {code, static_cast<std::uint32_t>(at < most ? at : most)};
}

struct fault_facts {
  errc code;
  std::string_view sentence;
  std::string_view rfc;
  std::string_view section;
  std::uint16_t reply;  // the basic reply code (RFC 5321 4.2.3), 0 when none is due
  struct {
    std::uint16_t group, subject, detail;
  } status;  // the enhanced status code (RFC 3463), 0.0.0 when none is due
};

inline constexpr fault_facts fault_table[] = {
    // lines
    {errc::line_too_long, "the line is longer than its limit", "RFC 5321", "4.5.3.1.4", 500, {5, 5, 2}},
    {errc::line_empty, "an empty line is no command", "RFC 5321", "4.1.1", 500, {5, 5, 2}},
    {errc::bare_cr, "a CR without LF stands in the line", "RFC 5321", "2.3.8", 500, {5, 5, 2}},
    {errc::bare_lf, "a LF without CR stands in the line", "RFC 5321", "2.3.8", 500, {5, 5, 2}},
    {errc::nul_octet, "a NUL stands in the line", "RFC 5321", "4.1.2", 500, {5, 5, 2}},
    {errc::control_octet, "a control octet stands in the line", "RFC 5321", "4.1.2", 501, {5, 5, 2}},
    {errc::non_ascii_octet, "an octet above 127 stands where only ASCII may", "RFC 5321", "2.4", 501, {5, 5, 2}},
    // verbs
    {errc::verb_malformed, "no verb begins the line", "RFC 5321", "4.1.1", 500, {5, 5, 2}},
    {errc::verb_unknown, "the verb is unknown", "RFC 5321", "4.2.4", 500, {5, 5, 1}},
    {errc::verb_not_implemented, "the verb is known but not implemented", "RFC 5321", "4.2.4", 502, {5, 5, 1}},
    {errc::verb_not_offered, "the verb belongs to an extension that is not offered", "RFC 5321", "4.2.4", 502, {5, 5, 1}},
    {errc::verb_of_other_protocol, "LHLO belongs to LMTP alone, EHLO and HELO to SMTP alone", "RFC 2033", "4.1", 500, {5, 5, 1}},
    {errc::argument_missing, "the verb needs an argument", "RFC 5321", "4.3.2", 501, {5, 5, 4}},
    {errc::argument_unexpected, "the verb takes no argument", "RFC 5321", "4.1.1", 501, {5, 5, 4}},
    {errc::argument_malformed, "the argument does not follow the verb's grammar", "RFC 5321", "4.1.1", 501, {5, 5, 4}},
    {errc::hello_name_malformed, "the name is neither a domain nor an address literal", "RFC 5321", "4.1.1.1", 501, {5, 5, 4}},
    // addresses
    {errc::domain_empty, "a domain is missing", "RFC 5321", "4.1.2", 501, {5, 1, 3}},
    {errc::domain_label_empty, "a label of the domain is empty", "RFC 5321", "4.1.2", 501, {5, 1, 3}},
    {errc::domain_label_too_long, "a label of the domain is over 63 octets", "RFC 1035", "2.3.4", 501, {5, 1, 3}},
    {errc::domain_too_long, "the domain is over 255 octets", "RFC 5321", "4.5.3.1.2", 501, {5, 1, 3}},
    {errc::domain_octet, "the octet may not stand in a domain", "RFC 5321", "4.1.2", 501, {5, 1, 3}},
    {errc::domain_hyphen, "a label of the domain begins or ends with a hyphen", "RFC 5321", "4.1.2", 501, {5, 1, 3}},
    {errc::domain_trailing_dot, "a dot ends the domain", "RFC 5321", "4.1.2", 501, {5, 1, 3}},
    {errc::literal_malformed, "the address literal is malformed", "RFC 5321", "4.1.3", 501, {5, 1, 3}},
    {errc::literal_ipv4, "the IPv4 address in the literal is malformed", "RFC 5321", "4.1.3", 501, {5, 1, 3}},
    {errc::literal_ipv6, "the IPv6 address in the literal is malformed", "RFC 5321", "4.1.3", 501, {5, 1, 3}},
    {errc::local_part_empty, "the local part is empty", "RFC 5321", "4.1.2", 501, {5, 1, 3}},
    {errc::local_part_octet, "the octet may not stand in a local part", "RFC 5321", "4.1.2", 501, {5, 1, 3}},
    {errc::local_part_dot, "a dot begins, ends or doubles in the local part", "RFC 5321", "4.1.2", 501, {5, 1, 3}},
    {errc::local_part_too_long, "the local part is over 64 octets", "RFC 5321", "4.5.3.1.1", 501, {5, 1, 3}},
    {errc::quoted_string_open, "the quoted string is not closed", "RFC 5321", "4.1.2", 501, {5, 1, 3}},
    {errc::quoted_string_octet, "the octet may not stand in a quoted string", "RFC 5321", "4.1.2", 501, {5, 1, 3}},
    {errc::at_sign_missing, "the mailbox has no at sign", "RFC 5321", "4.1.2", 501, {5, 1, 3}},
    {errc::path_open, "the path has no closing angle bracket", "RFC 5321", "4.1.2", 501, {5, 1, 3}},
    {errc::path_bare, "the path has no opening angle bracket", "RFC 5321", "4.1.2", 501, {5, 1, 3}},
    {errc::path_too_long, "the path is over 256 octets", "RFC 5321", "4.5.3.1.3", 501, {5, 1, 3}},
    {errc::path_null, "the null path is no recipient", "RFC 5321", "4.1.1.3", 501, {5, 1, 3}},
    {errc::source_route, "the source route is malformed", "RFC 5321", "4.1.2", 501, {5, 1, 3}},
    {errc::utf8_malformed, "the octets are not well-formed UTF-8", "RFC 3629", "4", 501, {5, 5, 2}},
    {errc::non_ascii_sender, "the sender's address is not ASCII and SMTPUTF8 was not asked for", "RFC 6531", "3.5", 550, {5, 6, 7}},
    {errc::non_ascii_recipient, "the recipient's address is not ASCII and SMTPUTF8 was not asked for", "RFC 6531", "3.5", 553, {5, 6, 7}},
    // parameters and values
    {errc::parameter_malformed, "the parameter is not a keyword with or without a value", "RFC 5321", "4.1.2", 501, {5, 5, 4}},
    {errc::parameter_repeated, "the parameter stands twice", "RFC 5321", "4.1.1.11", 501, {5, 5, 4}},
    {errc::parameter_unknown, "the parameter is unknown", "RFC 5321", "4.1.1.11", 555, {5, 5, 4}},
    {errc::parameter_not_offered, "the parameter belongs to an extension that is not offered", "RFC 5321", "4.1.1.11", 555, {5, 5, 4}},
    {errc::parameter_misplaced, "the parameter belongs to the other of MAIL and RCPT", "RFC 5321", "4.1.1.11", 555, {5, 5, 4}},
    {errc::parameter_value_missing, "the parameter needs a value", "RFC 5321", "4.1.2", 501, {5, 5, 4}},
    {errc::parameter_value_unexpected, "the parameter takes no value", "RFC 5321", "4.1.2", 501, {5, 5, 4}},
    {errc::parameter_value, "the value does not follow the parameter's grammar", "RFC 5321", "4.1.1.11", 501, {5, 5, 4}},
    {errc::parameter_value_too_long, "the value is longer than its parameter allows", "RFC 5321", "4.1.1.11", 501, {5, 5, 4}},
    {errc::parameter_conflict, "two parameters exclude each other", "RFC 4865", "4.2", 501, {5, 5, 4}},
    {errc::too_many_parameters, "more parameters than the limit", "RFC 5321", "4.1.1.11", 501, {5, 5, 4}},
    {errc::size_malformed, "SIZE is one to twenty digits", "RFC 1870", "3", 501, {5, 5, 4}},
    {errc::body_malformed, "BODY is 7BIT, 8BITMIME or BINARYMIME", "RFC 6152", "2", 501, {5, 5, 4}},
    {errc::body_not_offered, "this BODY needs an extension that is not offered", "RFC 3030", "3", 555, {5, 5, 4}},
    {errc::auth_parameter_malformed, "AUTH is a mailbox in xtext or <>", "RFC 4954", "5", 501, {5, 5, 4}},
    {errc::ret_malformed, "RET is FULL or HDRS", "RFC 3461", "4.3", 501, {5, 5, 4}},
    {errc::envid_malformed, "ENVID is at most 100 octets of xtext, printable when decoded", "RFC 3461", "4.4", 501, {5, 5, 4}},
    {errc::notify_malformed, "NOTIFY is NEVER alone, or a list of SUCCESS, FAILURE and DELAY", "RFC 3461", "4.1", 501, {5, 5, 4}},
    {errc::orcpt_malformed, "ORCPT is an address type, a semicolon and xtext", "RFC 3461", "4.2", 501, {5, 5, 4}},
    {errc::date_time_malformed, "a date and time is written YYYY-MM-DDThh:mm:ss with its offset from UTC, and exists", "RFC 3339", "5.6", 501, {5, 5, 4}},
    {errc::by_malformed, "BY is seconds, N or R, and perhaps T; R needs seconds above zero", "RFC 2852", "4", 501, {5, 5, 4}},
    {errc::hold_malformed, "HOLDFOR is 1 to 999999999 seconds, HOLDUNTIL a date and time in UTC", "RFC 4865", "3", 501, {5, 5, 4}},
    {errc::hold_past_deadline, "the message would be held beyond the time to deliver it by", "RFC 4865", "5.2.2", 501, {5, 5, 4}},
    {errc::priority_malformed, "MT-PRIORITY is -9 to 9, and stands once", "RFC 6710", "4.1", 501, {5, 5, 2}},
    {errc::mtrk_malformed, "MTRK is 20 octets in base64, and perhaps a colon and seconds", "RFC 3885", "3.1", 501, {5, 5, 4}},
    {errc::mtrk_needs_envid, "MTRK needs an ENVID with an at sign", "RFC 3885", "3.2", 501, {5, 5, 4}},
    {errc::solicit_malformed, "SOLICIT is words parted by commas", "RFC 3865", "2.2", 501, {5, 5, 4}},
    {errc::submitter_malformed, "SUBMITTER is a mailbox in xtext", "RFC 4405", "4", 501, {5, 5, 4}},
    {errc::transid_malformed, "TRANSID is two dotted tokens with an at sign between them, in angle brackets", "RFC 1845", "2", 501, {5, 5, 4}},
    {errc::rrvs_malformed, "RRVS is a date and time without fraction, and perhaps a semicolon and C or R", "RFC 7293", "3.1", 501, {5, 5, 4}},
    {errc::alt_address_malformed, "ALT-ADDRESS is an ASCII mailbox in xtext", "RFC 5336", "3.4", 501, {5, 5, 4}},
    {errc::xtext_malformed, "the octet may not stand in xtext, or + lacks its two hexadecimal digits", "RFC 3461", "4", 501, {5, 5, 4}},
    {errc::number_malformed, "a number is digits alone", "RFC 5234", "B.1", 501, {5, 5, 4}},
    {errc::number_too_large, "the number is above its range", "RFC 5321", "4.5.3.1", 501, {5, 5, 4}},
    {errc::chunk_size_malformed, "the size of the chunk is no number, so its end is unknown", "RFC 3030", "2", 501, {5, 5, 4}},
    {errc::chunk_marker, "only LAST may follow the size of a chunk, or a URL", "RFC 3030", "2", 501, {5, 5, 4}},
    {errc::base64_octet, "the octet may not stand in base64", "RFC 4954", "4", 501, {5, 5, 2}},
    {errc::base64_length, "base64 comes in groups of four", "RFC 4648", "4", 501, {5, 5, 2}},
    {errc::base64_padding, "the padding of the base64 is misplaced", "RFC 4648", "3.2", 501, {5, 5, 2}},
    {errc::base64_spare_bits, "unused bits of the base64 are not zero", "RFC 4648", "3.5", 501, {5, 5, 2}},
    {errc::mechanism_malformed, "a mechanism's name is letters, digits, hyphens and underscores", "RFC 4422", "3.1", 501, {5, 5, 4}},
    {errc::node_malformed, "a node is a domain name, or # and the name of a queue", "RFC 1985", "5", 501, {5, 5, 4}},
    {errc::domain_list_malformed, "the list is domains of two labels or more, parted by commas", "RFC 2645", "5.2.1", 501, {5, 5, 4}},
    {errc::uri_malformed, "the octets are no absolute URI", "RFC 3986", "4.3", 501, {5, 5, 4}},
    {errc::attribute_malformed, "an attribute is a name that the verb knows, = and a value", "RFC 5321", "4.1.5", 501, {5, 5, 4}},
    {errc::attribute_value, "the value does not suit its attribute", "RFC 5321", "4.1.5", 501, {5, 5, 4}},
    // replies
    {errc::reply_code_malformed, "a reply begins with three digits, the first 2 to 5", "RFC 5321", "4.2", 0, {}},
    {errc::reply_separator, "behind the code stands SP, a hyphen or the end of the line", "RFC 5321", "4.2", 0, {}},
    {errc::reply_code_changed, "the code changes within one reply", "RFC 5321", "4.2.1", 0, {}},
    {errc::reply_line_too_long, "a line of the reply is longer than its limit", "RFC 5321", "4.5.3.1.5", 0, {}},
    {errc::reply_too_long, "the reply is longer than its limit", "RFC 5321", "4.5.3.1.5", 0, {}},
    {errc::reply_too_many_lines, "the reply has more lines than its limit", "RFC 5321", "4.2.1", 0, {}},
    {errc::reply_text_octet, "the octet may not stand in the text of a reply", "RFC 5321", "4.2", 0, {}},
    {errc::reply_text_malformed, "the text of the reply lacks what its code promises", "RFC 5321", "4.2", 0, {}},
    {errc::reply_unexpected, "a reply arrived that no command had asked for", "RFC 5321", "4.2", 0, {}},
    {errc::reply_out_of_place, "the reply's class can not answer this command here", "RFC 5321", "4.3.2", 0, {}},
    {errc::reply_incomplete, "the reply lacks its last line, or the end of it", "RFC 5321", "4.2.1", 0, {}},
    {errc::enhanced_status_malformed, "the enhanced status code is malformed", "RFC 3463", "2", 0, {}},
    {errc::enhanced_status_class, "the enhanced status code is of another class than the reply", "RFC 2034", "4", 0, {}},
    {errc::enhanced_status_changed, "the enhanced status code is not the same on every line", "RFC 2034", "4", 0, {}},
    {errc::ehlo_keyword_malformed, "a keyword is letters, digits and hyphens", "RFC 5321", "4.1.1.1", 0, {}},
    // order
    {errc::out_of_sequence, "the command is out of sequence", "RFC 5321", "4.1.4", 503, {5, 5, 1}},
    {errc::no_valid_recipients, "no recipient was accepted", "RFC 5321", "3.3", 554, {5, 5, 1}},
    {errc::transaction_broken, "the transaction failed; RSET begins anew", "RFC 3030", "2", 503, {5, 5, 1}},
    {errc::transaction_open, "the command may not stand inside a mail transaction", "RFC 5321", "4.1.4", 503, {5, 5, 1}},
    {errc::data_among_chunks, "DATA and BDAT may not stand in one transaction", "RFC 3030", "2", 503, {5, 5, 1}},
    {errc::binary_needs_bdat, "a BINARYMIME message travels by BDAT alone", "RFC 3030", "3", 503, {5, 5, 1}},
    {errc::early_talk, "octets arrived before the greeting", "RFC 5321", "4.3.1", 554, {5, 5, 0}},
    {errc::too_many_transactions, "the session holds all the transactions it can", "RFC 9422", "4.1", 452, {4, 5, 0}},
    {errc::too_many_recipients, "the transaction holds all the recipients it can", "RFC 5321", "4.5.3.1.10", 452, {4, 5, 3}},
    {errc::message_too_large, "the message is larger than the server takes", "RFC 1870", "6.1", 552, {5, 3, 4}},
    {errc::message_bare_cr, "a CR without LF stands in the message", "RFC 5321", "2.3.8", 550, {5, 6, 0}},
    {errc::message_bare_lf, "a LF without CR stands in the message", "RFC 5321", "2.3.8", 550, {5, 6, 0}},
    {errc::message_unterminated, "the message does not end with CRLF", "RFC 5321", "4.1.1.4", 0, {}},
    {errc::connection_lost, "the connection ended before its work was done", "RFC 5321", "4.1.1.10", 0, {}},
    {errc::no_service, "the greeting refused service; only QUIT is left", "RFC 5321", "3.1", 503, {5, 5, 1}},
    // TLS and authentication
    {errc::tls_required, "TLS must be started first", "RFC 3207", "4", 530, {5, 7, 0}},
    {errc::tls_active, "TLS is active already", "RFC 3207", "4.2", 503, {5, 5, 1}},
    {errc::tls_residue, "octets in clear text wait behind STARTTLS", "RFC 3207", "4.2", 0, {}},
    {errc::authentication_required, "authentication is required first", "RFC 4954", "6", 530, {5, 7, 0}},
    {errc::already_authenticated, "the session is authenticated already", "RFC 4954", "4", 503, {5, 5, 1}},
    {errc::mechanism_unknown, "the mechanism is not offered", "RFC 4954", "4", 504, {5, 5, 4}},
    {errc::mechanism_needs_tls, "the mechanism needs TLS", "RFC 4954", "6", 538, {5, 7, 11}},
    {errc::initial_response_unexpected, "the server speaks first in this mechanism", "RFC 4954", "4", 501, {5, 7, 0}},
    {errc::authentication_cancelled, "the client cancelled the exchange", "RFC 4954", "4", 501, {5, 7, 0}},
    {errc::authentication_line_too_long, "the line of the exchange is longer than its limit", "RFC 4954", "4", 500, {5, 5, 6}},
    {errc::authentication_unverified, "nobody verified the credentials", "RFC 4954", "6", 535, {5, 7, 8}},
    // SASL messages
    {errc::sasl_out_of_order, "the exchange has no place for this message", "RFC 4422", "3", 501, {5, 5, 2}},
    {errc::sasl_message_malformed, "the message does not follow the grammar of its mechanism", "RFC 4422", "5", 501, {5, 5, 2}},
    {errc::sasl_field_missing, "the message lacks a field", "RFC 4422", "5", 501, {5, 5, 2}},
    {errc::sasl_field_empty, "a field of the message is empty", "RFC 4422", "5", 501, {5, 5, 2}},
    {errc::sasl_field_repeated, "a field of the message stands twice", "RFC 4422", "5", 501, {5, 5, 2}},
    {errc::sasl_field_too_long, "a field of the message is longer than its limit", "RFC 4616", "2", 501, {5, 5, 2}},
    {errc::sasl_octet, "the octet may not stand in this field of the message", "RFC 4422", "5", 501, {5, 5, 2}},
    {errc::sasl_trailing, "octets stand behind the end of the message", "RFC 4422", "5", 501, {5, 5, 2}},
    {errc::sasl_proof, "the proof of the secret is wrong", "RFC 4954", "6", 535, {5, 7, 8}},
    {errc::sasl_security_layer, "the security layer is none that was offered", "RFC 4752", "3.2", 535, {5, 7, 8}},
    {errc::sasl_error_malformed, "the error of the server is no flat JSON object with a status", "RFC 7628", "3.2.2", 0, {}},
    {errc::sasl_prep_prohibited, "the character may not stand in a name or a password", "RFC 4013", "2.3", 535, {5, 7, 8}},
    {errc::sasl_prep_needed, "text beyond ASCII needs a preparation of the caller's own", "RFC 4013", "2", 535, {5, 7, 8}},
    {errc::sasl_nonce, "the nonce is not that of this exchange", "RFC 5802", "5.1", 535, {5, 7, 8}},
    {errc::sasl_verifier, "the server's proof that it knows the secret is wrong", "RFC 5802", "3", 0, {}},
    {errc::saslname_malformed, "in a name stands = before 2C or 3D alone, and no comma", "RFC 5801", "4", 501, {5, 5, 2}},
    {errc::gs2_header_malformed, "the message does not begin with a GS2 header", "RFC 5801", "4", 501, {5, 5, 2}},
    {errc::channel_binding_missing, "the mechanism binds to the channel, and the client did not", "RFC 5802", "6", 535, {5, 7, 8}},
    {errc::channel_binding_unknown, "this type of channel binding is not at hand", "RFC 5802", "6", 535, {5, 7, 8}},
    {errc::channel_binding_downgraded, "somebody hid from the client that channel binding is offered", "RFC 5802", "6", 535, {5, 7, 8}},
    {errc::channel_binding_wrong, "the channel binding is not that of this channel", "RFC 5802", "6", 535, {5, 7, 8}},
    {errc::iterations_too_few, "the password is hashed too few times", "RFC 7677", "4", 535, {5, 7, 8}},
    {errc::iterations_too_many, "the password is hashed more often than the limit", "RFC 5802", "9", 535, {5, 7, 8}},
    {errc::scram_extension, "a mandatory extension is not understood", "RFC 5802", "5.1", 535, {5, 7, 8}},
    {errc::scram_server_error, "the server ended the exchange with an error", "RFC 5802", "5.1", 0, {}},
    {errc::digest_value, "the value does not suit its directive", "RFC 2831", "2.1", 501, {5, 5, 2}},
    {errc::digest_unusable, "no quality of protection, or no cipher, that both sides know", "RFC 2831", "2.1.1", 535, {5, 7, 8}},
    {errc::digest_charset, "the name needs UTF-8, which the server does not read", "RFC 2831", "2.1.1", 0, {}},
    {errc::digest_realm, "the realm is none of those offered", "RFC 2831", "2.1.2", 535, {5, 7, 8}},
    {errc::digest_count, "the count of uses of the nonce is not the next", "RFC 2831", "2.2.2", 535, {5, 7, 8}},
    {errc::digest_service, "the client meant another service or host", "RFC 2831", "2.1.2", 535, {5, 7, 8}},
    // calls
    {errc::output_full, "the output has too little room", "RFC 5321", "4.1.1", 0, {}},
    {errc::nothing_owed, "no answer is owed now", "RFC 5321", "4.3.1", 0, {}},
    {errc::answer_must_refuse, "what was refused can not be answered with success", "RFC 5321", "4.3.2", 0, {}},
    {errc::answer_out_of_place, "this reply can not answer this command", "RFC 5321", "4.3.2", 0, {}},
    {errc::awaiting_reply, "the reply to an earlier command must come first", "RFC 2920", "3.1", 0, {}},
    {errc::pipeline_full, "as many commands await their replies as can be counted", "RFC 2920", "3.1", 0, {}},
    {errc::extension_not_offered, "the server does not offer the extension", "RFC 5321", "2.2.1", 0, {}},
    {errc::chunk_open, "octets of the chunk are still to be written", "RFC 3030", "2", 0, {}},
    {errc::chunk_overrun, "more octets than the chunk's size", "RFC 3030", "2", 0, {}},
    {errc::session_closed, "the session is closed", "RFC 5321", "3.8", 0, {}},
};

inline constexpr std::size_t fault_count = static_cast<std::size_t>(errc::session_closed) + 1;

consteval bool fault_table_is_complete() noexcept {
  if (sizeof fault_table / sizeof *fault_table != fault_count) return false;
  for (std::size_t i = 0; i < fault_count; ++i) {
    const fault_facts& row = fault_table[i];
    if (static_cast<std::size_t>(row.code) != i) return false;
    if (row.sentence.empty() || row.rfc.substr(0, 4) != "RFC " || row.section.empty()) return false;
    if (row.reply != 0 && (row.reply < 400 || row.reply / 100 != row.status.group)) return false;
  }
  return true;
}
static_assert(fault_table_is_complete(), "every errc has one row, in the order of the enumeration");

constexpr const fault_facts& facts(errc code) noexcept { return fault_table[static_cast<std::size_t>(code)]; }
constexpr const fault_facts& facts(fault f) noexcept { return facts(f.code); }

}  // namespace sansmtp

#endif
