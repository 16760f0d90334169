#include "sansmtp/base/fault.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

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
