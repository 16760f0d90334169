#include "sansmtp/wire/reply_values.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "sansmtp/wire/response.hpp"
#include "sansmtp/wire/restart_reply.hpp"

using namespace sansmtp::literals;
using sansmtp::errc;
using sansmtp::fault;
using sansmtp::quirks;
using sansmtp::reply;
using sansmtp::reply_code;

namespace {

reply parsed(std::string_view wire, quirks leniency = quirks::strict) {
  const auto read = reply::parse(wire, leniency);
  REQUIRE(read);
  return *read;
}

// The reply that a response of that text is, as octets.
std::string answered(reply_code code, sansmtp::enhanced_status status, std::string_view text) {
  sansmtp::output_buffer<2048> out;
  REQUIRE(encode(sansmtp::response{code, status, text}, out));
  return std::string(out.written());
}

template <class Write>
std::string text_of(Write write) {
  sansmtp::output_buffer<2048> out;
  sansmtp::writer::draft text(out);
  if constexpr (std::is_void_v<decltype(write(text))>)
    write(text);
  else
    REQUIRE(write(text));
  REQUIRE(text.commit());
  return std::string(out.written());
}

}  // namespace

TEST_CASE("355 begins with the octet to go on from") {
  // RFC 1845 4: octet-offset ::= 1*DIGIT, first in the text, linear white space behind it.
  CHECK(*parse_restart_offset(parsed("355 6135 is the transaction offset\r\n")) == 6135);
  CHECK(*parse_restart_offset(parsed("355 0\r\n")) == 0);
  CHECK(*parse_restart_offset(parsed("355 7\tis it\r\n")) == 7);
  CHECK(*parse_restart_offset(parsed("355-18446744073709551615 is\r\n355 the offset\r\n")) == UINT64_MAX);
  struct row {
    std::string_view wire;
    fault why;
  };
  const row rows[] = {{"355 offset 6135\r\n", {errc::reply_text_malformed, 0}},
                      {"355\r\n", {errc::reply_text_malformed, 0}},
                      {"355 6135, that is\r\n", {errc::reply_text_malformed, 4}},
                      {"355 18446744073709551616 is\r\n", {errc::number_too_large, 19}},
                      {"354 6135 is\r\n", {errc::reply_out_of_place, 0}},
                      {"250 6135 is\r\n", {errc::reply_out_of_place, 0}}};
  for (const auto& r : rows) {
    CAPTURE(r.wire);
    CHECK(parse_restart_offset(parsed(r.wire)).error() == r.why);
  }
  for (const std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{6135}, std::uint64_t{UINT64_MAX}}) {
    const std::string text = text_of([&](auto& out) { sansmtp::encode_restart_offset(offset, out); });
    CHECK(*parse_restart_offset(parsed(answered(355, {}, text))) == offset);
  }
}

TEST_CASE("A-46: 355 is no success; it goes on, as 354 does") {
  // RFC 1845 4: behind it comes DATA, without RCPT, and only where TRANSID was sent.
  for (const quirks leniency : {quirks::strict, quirks::deployed}) {
    const reply answer = parsed("355 6135 is the transaction offset\r\n", leniency);
    CHECK_FALSE(answer.code().positive());
    CHECK(answer.code().intermediate());
    CHECK(parse_restart_offset(answer));
  }
}

TEST_CASE("253 counts the messages on their way to the node") {
  // RFC 1985 5.1
  CHECK(*parse_pending_messages(parsed("253 OK, 14 pending messages for node mysoft.com started\r\n")) == 14);
  CHECK(*parse_pending_messages(parsed("253 2.5.0 3 for node 4.example\r\n")) == 3);
  CHECK(parse_pending_messages(parsed("253 OK, many\r\n")).error() == fault{errc::reply_text_malformed, 8});
  CHECK(parse_pending_messages(parsed("253 OK, 99999999999999999999 x\r\n")).error().code == errc::number_too_large);
  CHECK(parse_pending_messages(parsed("252 OK, 14 pending\r\n")).error() == fault{errc::reply_out_of_place, 0});
  const std::string text = text_of([](auto& out) { return sansmtp::encode_pending_messages(14, "mysoft.com", out); });
  CHECK(text == "OK, 14 pending messages for node mysoft.com started");
  CHECK(*parse_pending_messages(parsed(answered(253, {2, 5, 0}, text))) == 14);
  sansmtp::output_buffer<64> out;
  sansmtp::writer::draft draft(out);
  CHECK(sansmtp::encode_pending_messages(1, "a\r\nb", draft).error() == fault{errc::reply_text_octet, 1});
}

TEST_CASE("X.3.6 begins with the message's new priority") {
  // RFC 6710 4.1
  CHECK(*parse_changed_priority(parsed("250 2.3.6 3 is the new priority assigned to the message\r\n")) == 3);
  CHECK(*parse_changed_priority(parsed("250 2.3.6 -9\r\n")) == -9);
  CHECK(*parse_changed_priority(parsed("251 2.3.6 0 now\r\n")) == 0);
  for (std::string_view wire : {"250 3 is new\r\n", "250 2.0.0 3 is new\r\n", "550 5.3.6 3 is new\r\n"})
    CHECK(parse_changed_priority(parsed(wire)).error() == fault{errc::reply_out_of_place, 0});
  for (std::string_view wire :
       {"250 2.3.6 10 is\r\n", "250 2.3.6 +3 is\r\n", "250 2.3.6 -0 is\r\n", "250 2.3.6\r\n", "250 2.3.6 it is 3\r\n"})
    CHECK(parse_changed_priority(parsed(wire)).error().code == errc::priority_malformed);
  for (int n = -9; n <= 9; ++n) {
    const auto priority = static_cast<std::int8_t>(n);
    const std::string text = text_of([&](auto& out) { return sansmtp::encode_changed_priority(priority, out); });
    CHECK(*parse_changed_priority(parsed(answered(250, {2, 3, 6}, text))) == priority);
  }
  sansmtp::output_buffer<64> out;
  sansmtp::writer::draft draft(out);
  CHECK_FALSE(sansmtp::encode_changed_priority(10, draft));
  CHECK_FALSE(sansmtp::encode_changed_priority(-10, draft));
}

TEST_CASE("SOLICIT= in the answer to RCPT tells the kinds that the recipient does not want") {
  // RFC 3865 2.3
  CHECK(parse_solicitation(parsed("550 <grumpy_old_boy@example.net> SOLICIT=org.example:ADV:ADLT\r\n"))->text() ==
        "org.example:ADV:ADLT");
  CHECK(parse_solicitation(parsed("250-2.1.5 ok\r\n250 2.1.5 solicit=a,b\r\n"))->text() == "a,b");
  CHECK(parse_solicitation(parsed("550 no\r\n")).error() == fault{errc::reply_text_malformed, 2});
  CHECK(parse_solicitation(parsed("550 XSOLICIT=a\r\n")).error().code == errc::reply_text_malformed);
  CHECK(parse_solicitation(parsed("550 SOLICIT=a,,b\r\n")).error().code == errc::solicit_malformed);
  CHECK(parse_solicitation(parsed("551 SOLICIT=a\r\n")).error() == fault{errc::reply_out_of_place, 0});
  const auto keywords = sansmtp::solicitation_keywords::parse("org.example:ADV:ADLT,net.example:X");
  REQUIRE(keywords);
  const std::string text =
      text_of([&](auto& out) { return sansmtp::encode_solicitation("<a@b.example>"_forward_path, *keywords, out); });
  CHECK(text == "<a@b.example> SOLICIT=org.example:ADV:ADLT,net.example:X");
  CHECK(parse_solicitation(parsed(answered(550, {5, 7, 1}, text)))->text() == keywords->text());
  // A line of a reply is shorter than the keywords may be; cut in two, they would be others.
  const std::string many(600, 'a');
  sansmtp::output_buffer<1024> out;
  sansmtp::writer::draft draft(out);
  CHECK(sansmtp::encode_solicitation("<a@b.example>"_forward_path, *sansmtp::solicitation_keywords::parse(many), draft)
            .error()
            .code == errc::reply_line_too_long);
}

TEST_CASE("a fault of a value is located in the text of the line that holds it") {
  const auto pending = [](std::string_view wire) { return parse_pending_messages(parsed(wire)).error(); };
  CHECK(pending("253 99999999999999999999 pending messages\r\n") == fault{errc::number_too_large, 19});
  CHECK(pending("253 OK, 99999999999999999999 pending messages\r\n") == fault{errc::number_too_large, 23});
  const auto solicited = [](std::string_view wire) { return parse_solicitation(parsed(wire)).error(); };
  CHECK(solicited("550 SOLICIT=net.example:ADV,,x\r\n") == fault{errc::solicit_malformed, 24});
  CHECK(solicited("550 <a@b> SOLICIT=net.example:ADV,,x\r\n") == fault{errc::solicit_malformed, 30});
  CHECK(solicited("550 5.7.1 <a@b> SOLICIT=net.example:ADV,,x\r\n") == fault{errc::solicit_malformed, 30});
  CHECK(solicited("550-not wanted here at all\r\n550 <a@b> SOLICIT=net.example:ADV,,x and more\r\n") ==
        fault{errc::solicit_malformed, 30});
  CHECK(solicited("550-not wanted\r\n550 here at all\r\n") == fault{errc::reply_text_malformed, 10});
  const auto named = [](std::string_view wire) { return parse_hello_host(parsed(wire)).error(); };
  CHECK(named("220 mx..example hi\r\n") == fault{errc::domain_label_empty, 3});
  CHECK(named("220   mx..example hi\r\n") == fault{errc::domain_label_empty, 5});
  CHECK(named("220 \t \r\n") == fault{errc::domain_empty, 2});
}

TEST_CASE("A-10: the server's name is the first word; it is written as a domain or address literal") {
  // RFC 5321 4.1.1.1, 4.2, 4.3.1. What is neither is free text, which hello_host gives as it is.
  for (const quirks leniency : {quirks::strict, quirks::deployed}) {
    for (std::string_view code : {"220", "221", "421", "521", "554"}) {
      const std::string wire = std::string(code) + " mx.example ready at \"once\"\r\n";
      CHECK(parse_hello_host(parsed(wire, leniency), leniency)->text() == "mx.example");
    }
    CHECK(parse_hello_host(parsed("250-[IPv6:2001:db8::1] hi\r\n250 HELP\r\n", leniency), leniency)->is_literal());
    CHECK_FALSE(parse_hello_host(parsed("220 *** ready\r\n", leniency), leniency));
    CHECK_FALSE(parse_hello_host(parsed("220\r\n", leniency), leniency));
    CHECK(hello_host(parsed("220 *** ready\r\n", leniency)) == "***");
    // The greeting behind the name may hold any octet but CR, LF and NUL, none of which concerns anyone.
    CHECK(hello_host(parsed("250-mx \x01\x7F\xFF\r\n250 HELP\r\n", leniency)) == "mx");
  }
  CHECK_FALSE(parse_hello_host(parsed("220 mx_1.example ready\r\n")));
  CHECK(parse_hello_host(parsed("220 mx_1.example ready\r\n"), quirks::deployed));
}
