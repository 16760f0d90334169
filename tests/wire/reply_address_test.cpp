#include "sansmtp/wire/reply_address.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "sansmtp/wire/response.hpp"

using namespace sansmtp::literals;
using sansmtp::errc;
using sansmtp::fault;
using sansmtp::quirks;
using sansmtp::reply;
using sansmtp::verified_mailbox;

TEST_CASE("VRFY and EXPN answer with a mailbox, alone or in brackets behind a name") {
  // RFC 5321 3.5.1: "User Name <local-part@domain>" or "local-part@domain"
  struct row {
    std::string_view text, name, mailbox;
  };
  const row rows[] = {
      {"jsmith@foo.com", "", "jsmith@foo.com"},
      {"<jsmith@foo.com>", "", "jsmith@foo.com"},
      {" <jsmith@foo.com>", "", "jsmith@foo.com"},
      {"Joe Smith <jsmith@foo.com>", "Joe Smith", "jsmith@foo.com"},
      {"Joe  Smith<jsmith@foo.com> ", "Joe  Smith", "jsmith@foo.com"},
      {"Sam Q. Smith <SQSmith@specific.generic.com>", "Sam Q. Smith", "SQSmith@specific.generic.com"},
      {"A < B <a@b.example>", "A < B", "a@b.example"},
      {"Odd <\"a>b <c@d\"@e.example>", "Odd", "\"a>b <c@d\"@e.example"},
      {"\xC3\x89mile <\xC3\xA9mile@b.example>", "\xC3\x89mile", "\xC3\xA9mile@b.example"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    for (const quirks leniency : {quirks::strict, quirks::deployed}) {
      const auto found = verified_mailbox::parse(r.text, leniency);
      REQUIRE(found);
      CHECK(found->name == r.name);
      CHECK(found->mailbox.text() == r.mailbox);
    }
  }
  struct bad {
    std::string_view text;
    std::uint32_t at;
  };
  for (const bad& b : {bad{"", 0}, bad{"Cannot VRFY user", 6}, bad{"Joe <jsmith>", 11}, bad{"Joe <@a,@b:c@d>", 5},
                       bad{"Joe <a@b", 3}, bad{"Joe>", 3}, bad{"Joe <>", 5}, bad{"<a@b> ok", 0}}) {
    CAPTURE(b.text);
    CHECK(verified_mailbox::parse(b.text).error() == fault{errc::reply_text_malformed, b.at});
  }
}

TEST_CASE("EXPN has one mailbox a line") {
  // RFC 5321 3.5.1
  const auto answer = reply::parse(
      "250-2.1.5 Jon Postel <Postel@isi.edu>\r\n250-2.1.5 Fred Fonebone <Fonebone@physics.foo-u.edu>\r\n250 2.1.5 "
      "x@y.example\r\n");
  REQUIRE(answer);
  std::vector<std::string> seen;
  for (const auto line : answer->lines()) {
    const auto one = verified_mailbox::parse(line);
    REQUIRE(one);
    seen.push_back(std::string(one->name) + "|" + std::string(one->mailbox.text()));
  }
  CHECK(seen == std::vector<std::string>{"Jon Postel|Postel@isi.edu", "Fred Fonebone|Fonebone@physics.foo-u.edu",
                                         "|x@y.example"});
}

TEST_CASE("a mailbox that was found is written in brackets and reads back") {
  // RFC 5321 3.5.2
  for (std::string_view name : {"", "Joe Smith", "\"Joe, Jr.\"", "\xC3\x89mile", "a > b"})
    for (const auto& who : {"a@b.example"_mailbox, "\"a <b\"@[192.0.2.1]"_mailbox}) {
      sansmtp::output_buffer<256> out;
      sansmtp::writer::draft text(out);
      REQUIRE(encode(verified_mailbox{name, who}, text));
      REQUIRE(text.commit());
      const auto read = verified_mailbox::parse(out.written());
      REQUIRE(read);
      CHECK(read->name == name);
      CHECK(read->mailbox == who);
    }
  sansmtp::output_buffer<256> out;
  sansmtp::writer::draft text(out);
  CHECK(encode(verified_mailbox{"a\r\n250 b", "a@b"_mailbox}, text).error() == fault{errc::reply_text_octet, 1});
  CHECK(encode(verified_mailbox{"a <x@y> b", "a@b"_mailbox}, text).error() == fault{errc::reply_text_malformed, 2});
  CHECK(encode(verified_mailbox{"2.0.0 b", "a@b"_mailbox}, text).error() == fault{errc::reply_text_malformed, 0});
}

TEST_CASE("251 and 551 tell the new path somewhere in the text") {
  // RFC 5321 3.4, 4.2.3
  struct row {
    std::string_view wire, mailbox;
  };
  const row rows[] = {
      {"251 User not local; will forward to <a@b.example>\r\n", "a@b.example"},
      {"551 5.1.6 User not local; please try <@x,@y:a@b.example> instead\r\n", "a@b.example"},
      {"551 <a@b.example>\r\n", "a@b.example"},
      {"551 a <b> moved <\"x>y\"@b.example>\r\n", "\"x>y\"@b.example"},
      {"251 <\xC3\xA9@b.example>\r\n", "\xC3\xA9@b.example"},
      // RFC 5321 4.2: multiline replies are allowed for any command.
      {"551-User not local;\r\n551 please try <a@b.example>\r\n", "a@b.example"},
      {"551-5.1.6 A < B\r\n551-5.1.6 has moved\r\n551 5.1.6 <a@b.example> or <c@d.example>\r\n", "a@b.example"},
      {"251-will forward to <a@b.example>\r\n251 and not to <c@d.example>\r\n", "a@b.example"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.wire);
    const auto path = parse_forwarding_path(*reply::parse(r.wire));
    REQUIRE(path);
    CHECK(path->mailbox().text() == r.mailbox);
    CHECK(path->is_ascii() == (r.mailbox[0] != '\xC3'));
  }
  CHECK(parse_forwarding_path(*reply::parse("551 User not local\r\n")).error() ==
        fault{errc::reply_text_malformed, 14});
  CHECK(parse_forwarding_path(*reply::parse("551-User <not local>\r\n551 try elsewhere, please\r\n")).error() ==
        fault{errc::reply_text_malformed, 16});
  CHECK(parse_forwarding_path(*reply::parse("551 try a@b\r\n")).error() == fault{errc::reply_text_malformed, 7});
  CHECK(parse_forwarding_path(*reply::parse("550 try <a@b>\r\n")).error() == fault{errc::reply_out_of_place, 0});
  for (const int code : {251, 551}) {
    sansmtp::output_buffer<256> text_room, out;
    sansmtp::writer::draft text(text_room);
    REQUIRE(sansmtp::encode_forwarding_path(code, "<a@b.example>"_forward_path, text));
    REQUIRE(text.commit());
    REQUIRE(encode(sansmtp::response{code, {}, text_room.written()}, out));
    CHECK(*parse_forwarding_path(*reply::parse(out.written())) == "<a@b.example>"_forward_path);
  }
  sansmtp::output_buffer<256> room;
  sansmtp::writer::draft text(room);
  CHECK_FALSE(sansmtp::encode_forwarding_path(250, "<a@b.example>"_forward_path, text));
}
