#include "sansmtp/base/fault.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using sansmtp::errc;
using sansmtp::fault;

TEST_CASE("a fault seen from earlier text lies further in") {
  CHECK(fault{errc::bare_lf, 3} + 10 == fault{errc::bare_lf, 13});
  CHECK(fault{errc::bare_lf, 3} + 0 == fault{errc::bare_lf, 3});
}

TEST_CASE("a place that a fault can not count to is the last that it can") {
  CHECK(sansmtp::distant_fault(errc::message_bare_lf, 0) == fault{errc::message_bare_lf, 0});
  CHECK(sansmtp::distant_fault(errc::message_bare_lf, 0xFFFFFFFE) == fault{errc::message_bare_lf, 0xFFFFFFFE});
  CHECK(sansmtp::distant_fault(errc::message_bare_lf, 0xFFFFFFFF) == fault{errc::message_bare_lf, 0xFFFFFFFF});
  CHECK(sansmtp::distant_fault(errc::message_bare_lf, 0x100000007) == fault{errc::message_bare_lf, 0xFFFFFFFF});
}

TEST_CASE("every fault has a sentence of its own, a section, and a reply of the class of its status") {
  for (const auto& row : sansmtp::fault_table) {
    CAPTURE(row.sentence);
    CHECK(&sansmtp::facts(row.code) == &row);
    CHECK(row.sentence.size() >= 10);
    CHECK(row.sentence.back() != '.');
    CHECK(row.rfc.substr(0, 4) == "RFC ");
    CHECK(row.rfc.substr(4).find_first_not_of("0123456789") == std::string_view::npos);
    // RFC 5321 4.2.1: a refusal is 4yz or 5yz; RFC 2034 4: its enhanced code is of the same class.
    if (row.reply != 0) CHECK((row.reply / 100 == 4 || row.reply / 100 == 5));
    CHECK(row.status.group == (row.reply == 0 ? 0 : row.reply / 100));
    // It goes into a reply's text: printable ASCII (RFC 5321 4.2), on one line with its codes.
    for (const char c : row.sentence) CHECK((c >= ' ' && c <= '~'));
    CHECK(row.sentence.size() <= 512 - std::string_view("550 5.5.55 \r\n").size());
    for (const auto& other : sansmtp::fault_table)
      if (other.code != row.code) CHECK(other.sentence != row.sentence);
  }
}

TEST_CASE("faults that RFC texts name a reply for have that reply") {
  struct row {
    errc code;
    int reply;
  };
  const row rows[] = {
      {errc::line_too_long, 500},            // RFC 5321 4.5.3.1.9
      {errc::verb_unknown, 500},             // RFC 5321 4.2.4
      {errc::verb_not_implemented, 502},     // RFC 5321 4.2.4
      {errc::parameter_unknown, 555},        // RFC 5321 4.1.1.11
      {errc::out_of_sequence, 503},          // RFC 5321 4.1.4
      {errc::too_many_recipients, 452},      // RFC 5321 4.5.3.1.10
      {errc::message_too_large, 552},        // RFC 1870 6.1
      {errc::tls_required, 530},             // RFC 3207 4
      {errc::authentication_required, 530},  // RFC 4954 6
      {errc::mechanism_unknown, 504},        // RFC 4954 4
      {errc::non_ascii_recipient, 553},      // RFC 6531 3.5
  };
  for (const row& r : rows) CHECK(sansmtp::facts(r.code).reply == r.reply);
}

TEST_CASE("every fault that a server answers has the reply and the status of its kind, and no other has one") {
  struct kind {
    struct {
      int reply;
      struct {
        int group, subject, detail;
      } status;
    } of;
    std::vector<errc> faults;
  };
  // RFC 5321 4.2.2 and 4.2.4 (500 to 503, 555), RFC 4954 4 and 6 (504, 535, 538), RFC 3207 4 (530), RFC 6531 3.5
  // (550 and 553 for addresses), RFC 1870 6.1 (552); the statuses are those of RFC 3463 3 for the subject.
  using enum errc;
  const kind kinds[] = {
      {{452, {4, 5, 0}}, {too_many_transactions}},
      {{452, {4, 5, 3}}, {too_many_recipients}},
      {{500, {5, 5, 1}}, {verb_unknown, verb_of_other_protocol}},
      {{500, {5, 5, 2}}, {line_too_long, line_empty, bare_cr, bare_lf, nul_octet, verb_malformed}},
      {{500, {5, 5, 6}}, {authentication_line_too_long}},
      {{501, {5, 1, 3}}, {domain_empty,        domain_label_empty,  domain_label_too_long,
                          domain_too_long,     domain_octet,        domain_hyphen,
                          domain_trailing_dot, literal_malformed,   literal_ipv4,
                          literal_ipv6,        local_part_empty,    local_part_octet,
                          local_part_dot,      local_part_too_long, quoted_string_open,
                          quoted_string_octet, at_sign_missing,     path_open,
                          path_bare,           path_too_long,       path_null,
                          source_route}},
      {{501, {5, 5, 2}},
       {control_octet, non_ascii_octet, utf8_malformed, priority_malformed, base64_octet, base64_length, base64_padding,
        base64_spare_bits, sasl_out_of_order, sasl_message_malformed, sasl_field_missing, sasl_field_empty,
        sasl_field_repeated, sasl_field_too_long, sasl_octet, sasl_trailing, saslname_malformed, gs2_header_malformed,
        digest_value}},
      {{501, {5, 5, 4}},
       {argument_missing,
        argument_unexpected,
        argument_malformed,
        hello_name_malformed,
        parameter_malformed,
        parameter_repeated,
        parameter_value_missing,
        parameter_value_unexpected,
        parameter_value,
        parameter_value_too_long,
        parameter_conflict,
        too_many_parameters,
        size_malformed,
        body_malformed,
        auth_parameter_malformed,
        ret_malformed,
        envid_malformed,
        notify_malformed,
        orcpt_malformed,
        date_time_malformed,
        by_malformed,
        hold_malformed,
        hold_past_deadline,
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
        mechanism_malformed,
        node_malformed,
        domain_list_malformed,
        uri_malformed,
        attribute_malformed,
        attribute_value}},
      {{501, {5, 7, 0}}, {initial_response_unexpected, authentication_cancelled}},
      {{502, {5, 5, 1}}, {verb_not_implemented, verb_not_offered}},
      {{503, {5, 5, 1}},
       {out_of_sequence, transaction_broken, transaction_open, data_among_chunks, binary_needs_bdat, no_service,
        tls_active, already_authenticated}},
      {{504, {5, 5, 4}}, {mechanism_unknown}},
      {{530, {5, 7, 0}}, {tls_required, authentication_required}},
      {{535, {5, 7, 8}},
       {authentication_unverified, sasl_proof, sasl_security_layer, sasl_prep_prohibited, sasl_prep_needed, sasl_nonce,
        channel_binding_missing, channel_binding_unknown, channel_binding_downgraded, channel_binding_wrong,
        iterations_too_few, iterations_too_many, scram_extension, digest_unusable, digest_realm, digest_count,
        digest_service}},
      {{538, {5, 7, 11}}, {mechanism_needs_tls}},
      {{550, {5, 6, 0}}, {message_bare_cr, message_bare_lf}},
      {{550, {5, 6, 7}}, {non_ascii_sender}},
      {{552, {5, 3, 4}}, {message_too_large}},
      {{553, {5, 6, 7}}, {non_ascii_recipient}},
      {{554, {5, 5, 0}}, {early_talk}},
      {{554, {5, 5, 1}}, {no_valid_recipients}},
      {{555, {5, 5, 4}}, {parameter_unknown, parameter_not_offered, parameter_misplaced, body_not_offered}},
  };
  std::size_t told = 0, due = 0;
  for (const auto& [of, faults] : kinds)
    for (const errc code : faults) {
      const auto& row = sansmtp::facts(code);
      CAPTURE(row.sentence);
      CHECK(row.reply == of.reply);
      CHECK(row.status.group == of.status.group);
      CHECK(row.status.subject == of.status.subject);
      CHECK(row.status.detail == of.status.detail);
      ++told;
    }
  for (const auto& row : sansmtp::fault_table) due += row.reply != 0;
  CHECK(told == due);
}
