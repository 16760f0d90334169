// The ends of what values may be: a value as long as it may be and one octet longer, empty ones, and room
// that is one octet short.

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sansmtp/sansmtp.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

fault at(errc code, std::size_t place) { return {code, static_cast<std::uint32_t>(place)}; }

// Calls `write` with room for 0, 1, 2 … octets until it succeeds: how many that were.
template <class Write>
std::size_t room_needed(Write write) {
  std::array<char, 2048> octets{};
  for (std::size_t room = 0; room <= octets.size(); ++room) {
    writer out{std::span<char>(octets.data(), room)};
    const auto done = write(out);
    if (done) return room;
    CHECK(done.error().code == errc::output_full);
    CHECK(out.empty());
  }
  return octets.size() + 1;
}

reply parsed(std::string_view octets) {
  const auto whole = reply::parse(octets);
  REQUIRE(whole);
  return *whole;
}

}  // namespace

TEST_CASE("a mailbox in xtext is decoded whole or not at all, and known as it was written (RFC 4405 4, RFC 3461 4)") {
  const auto who = parse_submitter("a+2Bb@c.example");
  REQUIRE(who);
  CHECK(who->text() == "a+2Bb@c.example");
  CHECK(room_needed([&](writer& out) { return who->mailbox(out); }) == 13);
  output_buffer<64> room;
  CHECK(who->mailbox(room)->text() == "a+b@c.example");
}

TEST_CASE("a mailbox in xtext has 254 octets when decoded, and not one more (RFC 5321 4.5.3.1.3)") {
  // 64 in the local part, one of them encoded, and labels behind "@".
  const auto address = [](std::size_t octets) {
    std::string text = "+61" + std::string(63, 'a') + "@";
    std::size_t left = octets - 65;
    while (left > 64) text += std::string(62, 'b') + ".", left -= 63;
    return text + std::string(left, 'c');
  };
  CHECK(xtext_mailbox::parse(address(254)));
  const auto longer = xtext_mailbox::parse(address(255));
  REQUIRE_FALSE(longer);
  CHECK(longer.error() == at(errc::path_too_long, 256));  // where the 255th octet stands, encoded
  // Nor is what stands behind it ever the fault, though it be cut at the length that all of them encoded have.
  for (std::size_t octets = 254; octets < 800; ++octets) {
    CAPTURE(octets);
    const std::string text = std::string(octets, 'x') + "+41";
    CHECK(xtext_mailbox::parse(text).error() == at(errc::path_too_long, 254));
    CHECK(parse_submitter(text).error() == at(errc::submitter_malformed, 254));
  }
  std::string encoded;
  for (int i = 0; i < 256; ++i) encoded += "+61";
  CHECK(xtext_mailbox::parse(encoded).error() == at(errc::path_too_long, 762));
  CHECK(xtext_mailbox::parse(encoded.substr(0, 763)).error() == at(errc::path_too_long, 762));
  CHECK(xtext_mailbox::parse(encoded.substr(0, 761)).error() == at(errc::xtext_malformed, 761));
}

TEST_CASE("AUTH of MAIL has what \" AUTH=\" leaves of 500 octets, ALT-ADDRESS 447 (RFC 4954 3, RFC 5336 3.4)") {
  const std::string long_auth(495, 'a'), long_alternative(448, 'a');
  CHECK(auth_parameter::parse(long_auth).error() == at(errc::auth_parameter_malformed, 494));
  CHECK(parse_alt_address(long_alternative).error() == at(errc::alt_address_malformed, 447));
  CHECK(auth_parameter::parse(long_auth.substr(1)).error().at < 494);  // the mailbox is at fault, not the length
  CHECK(auth_parameter::parse("e+3Dmc2@c.example")->text() == "e+3Dmc2@c.example");
}

TEST_CASE("AUTH=<> names nobody, and there is no mailbox to be had of it (RFC 4954 5)") {
  const auto nobody = auth_parameter::parse("<>");
  REQUIRE(nobody);
  CHECK(nobody->is_null());
  CHECK(nobody->text() == "<>");
  output_buffer<64> room;
  CHECK_FALSE(nobody->mailbox(room));
  CHECK(room.empty());
}

TEST_CASE("an attribute's value has 255 octets when decoded, and an address what an address can have") {
  const std::string name = "NAME=";
  CHECK(xclient_attributes::parse(name + std::string(255, 'a')));
  CHECK(xclient_attributes::parse(name + std::string(256, 'a')).error() == at(errc::parameter_value_too_long, 5 + 255));
  const std::string all_encoded = [] {
    std::string text;
    while (text.size() < 500) text += "+61";
    return text;
  }();
  const struct {
    std::string value;
    std::size_t place;
  } too_long[] = {
      {std::string(300, 'a'), 255},
      {std::string(500, 'a'), 255},
      {std::string(507, 'a'), 255},
      {"+61" + std::string(255, 'a'), 257},  // of which the last octet is the 256th
      {std::string(255, 'a') + "+61", 255},
      {std::string(254, 'a') + "+61+61", 257},
      {all_encoded, 500},  // too long as xtext
      {all_encoded.substr(0, 372) + std::string(130, 'a'), 500},
      {all_encoded.substr(0, 372) + std::string(133, 'a'), 500},
  };
  for (const auto& row : too_long) {
    CAPTURE(row.value);
    CHECK(xclient_attributes::parse(name + row.value).error() ==
          at(errc::parameter_value_too_long, name.size() + row.place));
  }
  CHECK(xclient_attributes::parse(name + all_encoded.substr(0, 363) + std::string(134, 'a')));
  CHECK(xforward_attributes::parse("PROTO=+61" + std::string(100, 'a')).error() ==
        at(errc::parameter_value_too_long, 6 + 66));
  CHECK(xclient_attributes::parse("ADDR=" + std::string(63, '1')).error() == at(errc::attribute_value, 5));
  CHECK(xclient_attributes::parse("ADDR=192.0.2.1"));
}

TEST_CASE("a list of attributes is a command line long at most, and has 32 of them when written") {
  std::string line = "NAME=" + std::string(200, 'a') + " HELO=" + std::string(200, 'b') + " LOGIN=";
  line += std::string(limits::command_line - line.size(), 'c');
  CHECK(xclient_attributes::parse(line));
  CHECK(xclient_attributes::parse(line + "c").error() == at(errc::line_too_long, limits::command_line));

  std::array<char, 2048> octets{};
  writer out{octets};
  const std::vector<attribute_value> many(limits::client_attributes + 1, {attribute::name, "a"});
  CHECK(xclient_attributes::compose(many, out).error() == at(errc::too_many_parameters, 0));
  CHECK(xforward_attributes::compose(many, out).error() == at(errc::too_many_parameters, 0));
  const std::string value(200, 'a');
  const attribute_value wide[] = {{attribute::name, value}, {attribute::helo, value}, {attribute::login, value}};
  CHECK(xclient_attributes::compose(wide, out).error() == at(errc::line_too_long, limits::command_line));
  CHECK(out.empty());
  const attribute_value good[] = {{attribute::name, "a b"}, {attribute::source, "LOCAL"}};
  CHECK(room_needed([&](writer& some) { return xforward_attributes::compose(good, some); }) == 23);
  CHECK(xforward_attributes::compose(good, out)->text() == "NAME=a+20b SOURCE=LOCAL");
}

TEST_CASE("the domains of ATRN keep within a command line (RFC 2645 5.2.1)") {
  std::string list = "a.example";
  while (list.size() + 10 <= limits::command_line) list += ",b.example";
  CHECK(domain_list::parse(list));
  list += ",c.example";
  CHECK(domain_list::parse(list).error() == at(errc::domain_list_malformed, limits::command_line));
}

TEST_CASE("what SIZE states has twenty digits, all of them (RFC 1870 3)") {
  CHECK(parse_size("12345678901234567890").value() == 12345678901234567890U);
  CHECK(parse_size("1234567890123456789x").error() == at(errc::size_malformed, 19));
  CHECK(parse_size("xxxxxxxxxxxxxxxxxxxx").error() == at(errc::size_malformed, 0));
  CHECK(parse_size("123456789012345678901").error() == at(errc::size_malformed, 20));
  CHECK(parse_size("").error() == at(errc::size_malformed, 0));
}

TEST_CASE("XVERP's two octets are printable") {
  CHECK(parse_xverp("+=").value() == xverp{'+', '='});
  const struct {
    std::string_view value;
    std::size_t place;
  } rows[] = {{"", 0}, {"+", 1}, {"+\x7f", 1}, {"\x7f+", 0}, {"+=-", 2}};
  for (const auto& row : rows) CHECK(parse_xverp(row.value).error() == at(errc::parameter_value, row.place));
}

TEST_CASE("MTRK's certifier may be padded for who allows it, and not by the letter (RFC 3885 3.2)") {
  const std::string certifier(27, 'A');
  CHECK(parse_mtrk(certifier + "=").error() == at(errc::mtrk_malformed, 27));
  CHECK(parse_mtrk(certifier + "=", quirks(quirk::padded_certifier))->certifier == std::array<std::uint8_t, 20>{});
  CHECK(parse_mtrk(certifier + "*", quirks(quirk::padded_certifier)).error() == at(errc::mtrk_malformed, 27));
  CHECK(parse_mtrk(certifier + ":60")->timeout == std::chrono::seconds(60));
}

TEST_CASE("TRANSID holds printable octets alone (RFC 1845 2)") {
  CHECK(transid::parse("<a.b@c.d>"));
  CHECK(transid::parse("<a b@c.d>").error() == at(errc::transid_malformed, 2));
  CHECK(transid::parse("<a@c\x7f>").error() == at(errc::transid_malformed, 4));
  CHECK(transid::parse("<a@c\xC3\xA9>").error() == at(errc::transid_malformed, 4));
}

TEST_CASE("ORCPT of type utf-8: what is neither printable, well-formed nor embedded is the fault (RFC 6533 3)") {
  const struct {
    std::string_view value;
    std::size_t place;
  } rows[] = {{"utf-8;a\\x{}", 7}, {"utf-8;a\\x{D800}", 7}, {"utf-8;\\x", 6}, {"utf-8;a\xC3", 7}, {"utf-8;\xFF@b", 6}, {"utf-8;a b", 7}};
  for (const auto& row : rows) {
    CAPTURE(row.value);
    CHECK(orcpt::parse(row.value).error() == at(errc::orcpt_malformed, row.place));
  }
  const auto good = orcpt::parse("utf-8;\\x{E9}@b");
  REQUIRE(good);
  CHECK(good->text() == "utf-8;\\x{E9}@b");
  const auto e_acute = embedded_character::at_front_of("\\x{E9}@b");
  CHECK(e_acute.point() == 0xE9);
  CHECK(e_acute.octets() == 6);
  CHECK(room_needed([&](writer& out) { return good->decode(out); }) == 4);
}

TEST_CASE("parameters of RCPT are composed whole or not at all (RFC 3461 4)") {
  rcpt_fields fields;
  fields.notify = notify{.success = true};
  fields.orcpt = "a+b@c";
  CHECK(room_needed([&](writer& out) { return compose(fields, out); }) == std::strlen("NOTIFY=SUCCESS ORCPT=rfc822;a+2Bb@c"));
}

TEST_CASE("a rule's own judgement: a value where none may be, and one longer than its rule") {
  const parameter given{"X", std::string_view("abc"), 5};
  const parameter bare{"X", std::nullopt, 5};
  parameter_rule rule = facts(parameter_name::smtputf8);
  CHECK(check_form(given, rule, parameter_place::mail).error() == at(errc::parameter_value_unexpected, 6));
  CHECK(check_value(given, rule, quirks::strict));  // there is nothing that could be checked
  CHECK(check_value(bare, facts(parameter_name::size), quirks::strict));
  rule = facts(parameter_name::ret);
  rule.check = [](std::string_view, quirks) noexcept -> result<void> { return {}; };
  rule.max_octets = 3;
  CHECK(check_value(given, rule, quirks::strict));
  rule.max_octets = 2;
  CHECK(check_value(given, rule, quirks::strict).error() == at(errc::parameter_value_too_long, 5 + 1 + 1 + 2));
}

TEST_CASE("a private parameter: its place, whether it has a value, how long, and any value when nothing checks it (RFC 5321 4.1.1.11)") {
  const parameter given{"XP", std::string_view("abc"), 5}, bare{"XP", std::nullopt, 5};
  constexpr auto mail = parameter_place::mail;
  const private_parameter none{.keyword = "XP"};
  CHECK(none.judge(bare, mail, quirks::strict));
  CHECK(none.judge(given, mail, quirks::strict).error() == at(errc::parameter_value_unexpected, 7));
  CHECK(none.judge(bare, parameter_place::rcpt, quirks::strict).error() == at(errc::parameter_misplaced, 5));
  private_parameter some{.keyword = "XP", .value = value_rule::optional, .max_octets = 3};
  CHECK(some.judge(given, mail, quirks::strict));
  CHECK(some.judge(bare, mail, quirks::strict));
  some.max_octets = 2;
  CHECK(some.judge(given, mail, quirks::strict).error() == at(errc::parameter_value_too_long, 10));
  some.value = value_rule::required;
  CHECK(some.judge(bare, mail, quirks::strict).error() == at(errc::parameter_value_missing, 7));
}

TEST_CASE("an empty argument is none, and UTF-8 stands in it where its verb allows that (RFC 6531 3.7.4.2)") {
  CHECK(check_argument("", octet_range::ascii));
  CHECK(check_argument("\xC3\xA9", octet_range::utf8));
  CHECK(check_argument("ab\xC3\xA9", octet_range::ascii).error() == at(errc::non_ascii_octet, 2));
  CHECK(check_argument(" a", octet_range::ascii).error() == at(errc::argument_malformed, 0));
  CHECK(check_argument("a ", octet_range::ascii).error() == at(errc::argument_malformed, 1));
}

TEST_CASE("SEND and its kin know no SMTPUTF8: their path is ASCII (RFC 821 3.4, RFC 5321 2.4)") {
  for (const std::string_view line : {"SEND FROM:<\xC3\xA9@b>", "SOML FROM:<\xC3\xA9@b>", "SAML FROM:<\xC3\xA9@b>"}) {
    CHECK(parse_command(line).error() == at(errc::non_ascii_sender, 11));
    CHECK(parse_command(line, quirks(quirk::unnegotiated_utf8)));
  }
}

TEST_CASE("the word for UTF-8 in a reply stands behind something (RFC 6531 3.7.4.2)") {
  CHECK(reply_word_behind("a SMTPUTF8") == reply_word::smtputf8);
  CHECK(reply_word_behind("a utf8reply") == reply_word::utf8_reply);
  CHECK(reply_word_behind(" SMTPUTF8") == reply_word::none);
  CHECK(reply_word_behind("SMTPUTF8") == reply_word::none);
  CHECK(reply_word_behind("a b") == reply_word::none);
}

TEST_CASE("the size that a BDAT announces is known from the front of a line that is no command (RFC 3030 2)") {
  const struct {
    std::string_view line;
    std::optional<std::uint64_t> size;
  } rows[] = {
      {"BDAT 9 LOST", 9},   {"bdat  12", 12},          {"BDAT 9", 9},          {"BDAT 9x", std::nullopt}, {"BDATA 9", std::nullopt},
      {"BDAT  ", std::nullopt}, {"BDAT x", std::nullopt}, {"BDAT", std::nullopt}, {"RSET 99", std::nullopt},
  };
  for (const auto& row : rows) {
    CAPTURE(row.line);
    CHECK(announced_chunk(row.line) == row.size);
  }
}

TEST_CASE("LIMITS: a limit that stands twice is the smaller, one without a value is as though absent (RFC 9422 3.7)") {
  // Of two the RFC says nothing: that the smaller holds is ours.
  CHECK(server_limits::parse("RCPTMAX=5 RCPTMAX=9")->rcpt_max == 5U);
  CHECK(server_limits::parse("RCPTMAX=9 RCPTMAX=5")->rcpt_max == 5U);
  CHECK(server_limits::parse("RCPTMAX=9 MAILMAX")->mail_max == std::nullopt);
  CHECK(server_limits::parse("RCPTMAX=9 MAILMAX")->rcpt_max == 9U);
  // The same of two lines, as a client keeps them.
  const reply twice = parsed("250-mx\r\n250-LIMITS RCPTMAX=9 MAILMAX=3\r\n250 LIMITS RCPTMAX=5 MAILMAX=7\r\n");
  CHECK(capabilities::learn(twice).limits() == server_limits{.mail_max = 3, .rcpt_max = 5});
}

TEST_CASE("a keyword is found behind a line that is none, and a keyword that is not there is not (RFC 5321 4.1.1.1)") {
  const reply said = parsed("250-mx\r\n250-=?\r\n250-SIZE 10\r\n250 XMINE\r\n");
  REQUIRE(find(said, extension::size));
  CHECK(find(said, extension::size)->parameters == "10");
  CHECK_FALSE(find(said, extension::dsn));
}

TEST_CASE("FUTURERELEASE without its date-time is malformed, however loosely it is read (RFC 4865 3)") {
  for (const quirks leniency : {quirks::strict, quirks(quirk::loose_ehlo_line)}) {
    CHECK(future_release_offer::parse("86400 ", leniency).error() == at(errc::date_time_malformed, 6));
    CHECK(future_release_offer::parse("86400", leniency).error() == at(errc::parameter_malformed, 5));
  }
  CHECK(future_release_offer::parse("86400 99", quirks(quirk::loose_ehlo_line))->interval == std::chrono::seconds(86400));
  CHECK_FALSE(future_release_offer::parse("86400 99"));
}

TEST_CASE("NO-SOLICITING is written with its keywords, or alone where no kind is barred (RFC 3865 2)") {
  output_buffer<64> out;
  const auto written = [&](std::optional<solicitation_keywords> keywords) {
    out.clear();
    writer::draft line(out);
    encode_no_soliciting(keywords, line);
    REQUIRE(line.commit());
    return out.written();
  };
  CHECK(written(std::nullopt) == "NO-SOLICITING");
  CHECK(written(*solicitation_keywords::parse("a:b,c")) == "NO-SOLICITING a:b,c");
}

TEST_CASE("lists are walked by postfix as well: the value is that from before") {
  const reply said = parsed("250-mx\r\n250-SIZE 10\r\n250 DSN\r\n");
  const ehlo_lines offers(said);
  auto line = offers.begin();
  CHECK((*line++)->keyword == "SIZE");
  CHECK((*line++)->keyword == "DSN");
  CHECK(line == offers.end());
  const auto keywords = solicitation_keywords::parse("a,b");
  REQUIRE(keywords);
  auto word = keywords->begin();
  CHECK(*word++ == "a");
  CHECK(*word++ == "b");
  CHECK(word == keywords->end());
  const auto attributes = xclient_attributes::parse("NAME=a HELO=b");
  REQUIRE(attributes);
  auto one = attributes->begin();
  CHECK((*one++).name() == "NAME");
  CHECK((*one++).name() == "HELO");
  CHECK(one == attributes->end());
}

TEST_CASE("answers of several lines are composed whole or not at all (RFC 4141 5.3)") {
  std::array<std::string_view, 4> lines{};
  CHECK(room_needed([&](writer& out) { return compose_conneg("(a=1)", out, lines); }) == 12);
  CHECK(room_needed([&](writer& out) { return compose_wellknown("1a", out, lines); }) == 4);
  CHECK(room_needed([&](writer& out) { return compose_wellknown("1", out, lines); }) == 3);
  CHECK(room_needed([&](writer& out) { return compose_wellknown("", out, lines); }) == 0);
}

TEST_CASE("a text without any place to fold it is cut where the room ends (RFC 5321 4.5.3.1.5)") {
  CHECK(fold_at(std::string(600, '\x80'), 500) == 500);
  CHECK(fold_at(std::string(600, 'a'), 500) == 500);
  CHECK(fold_at(std::string(400, 'a') + " " + std::string(200, 'b'), 500) == 400);
  CHECK(fold_at(std::string(500, 'a'), 500) == 500);
  CHECK(fold_at(std::string(499, 'a') + "\xC3\xA9", 500) == 499);
}

TEST_CASE("a reply tells how its lines agree on an enhanced status code (RFC 2034 4)") {
  const auto agreement = [](std::string_view octets) { return reply::parse(octets, quirks::all)->agreement(); };
  CHECK(agreement("250-2.1.0 a\r\n250 2.1.0 b\r\n") == status_agreement::regular);
  CHECK(agreement("250-2.1.0 a\r\n250 b\r\n") == status_agreement::partial);
  CHECK(agreement("250-2.1.0 a\r\n250 2.1.5 b\r\n") == status_agreement::contradictory);
  CHECK(agreement("250 4.1.0 a\r\n") == status_agreement::contradictory);
}

TEST_CASE("an input says how much it can hold, and a decoder where it stands") {
  input_buffer<48> in;
  CHECK(in.capacity() == 48);
  data_decoder decoder;
  const struct {
    std::string_view chunk;
    data_decoder::place where;
  } steps[] = {{"a", data_decoder::place::in_line},     {"\r", data_decoder::place::after_cr},       {"\n", data_decoder::place::line_start},
               {".", data_decoder::place::after_dot},   {"\r", data_decoder::place::after_dot_cr},   {"\n", data_decoder::place::ended}};
  for (const auto& step : steps) {
    (void)decoder.decode(step.chunk);
    CHECK(decoder.where() == step.where);
  }
}

TEST_CASE("no octets are no line's end, also where a line too long is being dropped (RFC 5321 4.5.3.1.4)") {
  line_reader reader;
  CHECK(reader.scan(std::string(20, 'x') + "\r", 16).used == 21);
  CHECK(reader.skipping());
  const auto nothing = reader.scan("", 16);
  CHECK(nothing.used == 0);
  CHECK_FALSE(nothing.whole);
  const auto end = reader.scan("\n", 16);  // of the CR that was dropped before
  CHECK(end.whole);
  CHECK(end.too_long);
  CHECK(end.used == 1);
  CHECK_FALSE(reader.skipping());
}

TEST_CASE("nothing is encoded of no octets") {
  data_encoder encoder;
  const auto piece = encoder.encode("");
  REQUIRE(piece);
  CHECK(piece->used == 0);
  CHECK(piece->bytes.empty());
  CHECK(encoder.finish().value() == ".\r\n");
}

TEST_CASE("long lines are copied in parts, wherever a CRLF or a dot stands (RFC 5321 4.5.2)") {
  std::vector<char> room(16384);
  for (const std::string_view edge : {"\r\n", "\r\n."}) {
    for (std::size_t place = 1960; place < 2200; ++place) {
      std::string text(9000, 'x');
      for (const std::size_t begin : {place, place + 2300}) text.replace(begin, edge.size(), edge);
      text += "\r\n";
      std::string stuffed = text;
      if (edge.size() == 3) {
        stuffed.insert(place + 2300 + 2, ".");
        stuffed.insert(place + 2, ".");
      }
      data_encoder encoder;
      const auto encoded = encoder.encode_copy(text, room);
      REQUIRE(encoded);
      REQUIRE(encoded->used == text.size());
      REQUIRE(encoded->bytes == stuffed);
      data_decoder decoder;
      const auto decoded = decoder.decode_copy(stuffed, room);
      REQUIRE(decoded.used == stuffed.size());
      REQUIRE(decoded.bytes == text);
    }
  }
}

TEST_CASE("a size limit beyond 32 bits is kept, and the place of its fault stays at the last that can be told (RFC 1870 6.1)") {
  constexpr std::uint64_t limit = (std::uint64_t{1} << 32) + 10;
  const std::string part(1 << 20, 'x');
  message_reader reader(bare_newline::refuse, limit, true);
  reader.begin_chunk(limit + part.size(), true, true);
  std::uint64_t delivered = 0;
  while (!reader.why()) {
    const auto piece = reader.chunk(part);
    REQUIRE(piece.used == part.size());
    delivered += piece.bytes.size();
  }
  CHECK(delivered == limit);
  CHECK(reader.size() == limit);
  CHECK(*reader.why() == at(errc::message_too_large, 0xFFFFFFFF));
}
