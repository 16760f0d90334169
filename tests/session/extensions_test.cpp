// The sessions obey the extension table: what may be offered where, what each demands, and a private one.

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

#include "support/serve.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

server_options with(extension_set extensions, service kind = service::smtp) {
  return {.host = "mx.example.org"_domain, .kind = kind, .extensions = extensions};
}

// The lines of the EHLO reply, without codes.
std::string listed(const server_options& options) {
  const std::string hello = options.kind == service::lmtp ? "LHLO c\r\n" : "EHLO c\r\n";
  std::string replies = support::serve(options, hello).replies;
  replies.erase(0, replies.find('\n') + 1);  // the greeting
  std::string out;
  for (std::size_t at = 0; at < replies.size();) {
    const std::size_t end = replies.find("\r\n", at);
    out.append(out.empty() ? "" : "|").append(replies.substr(at + 4, end - at - 4));
    at = end + 2;
  }
  return out;
}

std::string last_event(const server_options& options, const std::string& octets) {
  const auto got = support::serve(options, octets);
  return got.events.empty() ? "" : got.events.back();
}

}  // namespace

TEST_CASE("STARTTLS is listed in the clear, REQUIRETLS under TLS (RFC 3207 4.2, RFC 8689 2)") {
  server_options o = with({extension::starttls, extension::requiretls});
  CHECK(listed(o) == "mx.example.org|STARTTLS");
  o.tls = true;
  CHECK(listed(o) == "mx.example.org|REQUIRETLS");
  const auto upgraded = support::serve(with({extension::starttls, extension::requiretls}), "EHLO c\r\nSTARTTLS\r\n");
  CHECK(upgraded.phase == "greeted");
}

TEST_CASE("what a service must not list it does not (RFC 6409 7, RFC 4468 3, RFC 4865 3)") {
  const extension_set wished{extension::etrn, extension::atrn, extension::burl, extension::eight_bit_mime};
  CHECK(listed(with(wished, service::smtp)) == "mx.example.org|8BITMIME|ETRN|ATRN");
  CHECK(listed(with(wished, service::submission)) == "mx.example.org|8BITMIME|BURL");
  CHECK(listed(with(wished, service::lmtp)) == "mx.example.org|8BITMIME");
}

TEST_CASE("what needs another beside it is listed with it only (RFC 3030 3, RFC 6531 3.1)") {
  CHECK(listed(with({extension::binarymime, extension::smtputf8})) == "mx.example.org");
  CHECK(listed(with({extension::binarymime, extension::chunking, extension::smtputf8, extension::eight_bit_mime})) ==
        "mx.example.org|8BITMIME|CHUNKING|BINARYMIME|SMTPUTF8");
}

TEST_CASE("a keyword that must have parameters is listed by its line, LIMITS from the limits kept (RFC 9422 3)") {
  constexpr std::array<std::string_view, 2> lines{"DELIVERBY 240", "XCLIENT NAME ADDR"};
  server_options o = with({extension::deliver_by, extension::xclient, extension::xforward, extension::limits});
  CHECK(listed(o) == "mx.example.org|DELIVERBY|LIMITS RCPTMAX=100");
  o.lines = lines;
  o.mail_limit = 7;
  CHECK(listed(o) == "mx.example.org|LIMITS RCPTMAX=100 MAILMAX=7|DELIVERBY 240|XCLIENT NAME ADDR");
}

TEST_CASE("MAIL beyond MAILMAX is refused, whether those before succeeded or not (RFC 9422 4.1)") {
  server_options o = with({});
  o.mail_limit = 2;
  const auto got = support::serve(o, "EHLO c\r\nMAIL FROM:<a@b>\r\nRSET\r\nMAIL FROM:<a@b>\r\nRSET\r\nMAIL FROM:<a@b>\r\n");
  CHECK(got.events.back() == "refused MAIL @0 the session holds all the transactions it can (RFC 9422 4.1)");
  // Those that were refused for their arguments, their form or their place count as well.
  for (std::string_view first : {"MAIL FROM:<a@b> X=1\r\n", "MAIL FROM:a b\r\n", "MAIL FROM:<a@b>\r\n"})
    for (std::string_view second : {"MAIL FROM:<a@b> X=1\r\n", "MAIL FROM:<\r\n", "MAIL FROM:<c@d>\r\n"}) {
      const auto all = support::serve(o, "EHLO c\r\n" + std::string(first) + std::string(second) + "RSET\r\nMAIL FROM:<a@b>\r\n");
      CHECK(all.events.back() == "refused MAIL @0 the session holds all the transactions it can (RFC 9422 4.1)");
    }
}

TEST_CASE("a RCPT parameter beyond ASCII needs that SMTPUTF8 is offered, not that MAIL asked for it (RFC 6533 3)") {
  const std::string_view octets = "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d> ORCPT=utf-8;\xC3\xA9@b\r\n";
  CHECK(last_event(with(extension::dsn), std::string(octets)).substr(0, 16) == "refused RCPT @26");
  CHECK(last_event(with({extension::dsn, extension::smtputf8, extension::eight_bit_mime}), std::string(octets)).substr(0, 5) == "RCPT ");
  server_options lenient = with(extension::dsn);
  lenient.leniency = quirk::unnegotiated_utf8;
  CHECK(last_event(lenient, std::string(octets)).substr(0, 5) == "RCPT ");

  const rcpt to{"<c@d>"_forward_path, *rcpt_parameters::parse("ORCPT=utf-8;\xC3\xA9@b")};
  for (const bool offered : {false, true}) {
    client session({.start = phase::greeted});
    output_buffer<256> out;
    REQUIRE(session.follow(ehlo{*hello_name::parse("c.example")}));
    const std::string_view list = offered ? "250-mx\r\n250-SMTPUTF8\r\n250 DSN\r\n" : "250-mx\r\n250 DSN\r\n";
    REQUIRE(session.receive(list).used == list.size());
    REQUIRE(session.send(mail{"<a@b>"_reverse_path, {}}, out));
    REQUIRE(session.receive(std::string_view("250 ok\r\n")).used == 8);
    CHECK(session.send(to, out).has_value() == offered);
    if (!offered) CHECK(session.missing() == extension::smtputf8);
  }
}

TEST_CASE("a verb whose extension is not offered is 502, and one that is has its event (RFC 5321 4.2.4)") {
  const struct {
    extension brings;
    const char* line;
  } rows[] = {{extension::etrn, "ETRN example.org"}, {extension::expn, "EXPN list"}, {extension::chunking, "BDAT 0"}};
  for (const auto& row : rows) {
    CAPTURE(row.line);
    CHECK(last_event(with({}), "EHLO c\r\n" + std::string(row.line) + "\r\n").find("is not offered") != std::string::npos);
    CHECK(last_event(with(row.brings), "EHLO c\r\n" + std::string(row.line) + "\r\n").find("is not offered") == std::string::npos);
  }
}

TEST_CASE("ATRN needs authentication, and its 250 exchanges the roles (RFC 2645 5.2.1)") {
  server_options o = with({extension::atrn, extension::auth});
  o.mechanisms = "CRAM-MD5";
  CHECK(last_event(o, "EHLO c\r\nATRN example.org\r\n") == "refused ATRN @0 authentication is required first (RFC 4954 6)");
  const auto generous = [](server& session, const server_event& event, writer& out) {
    if (std::holds_alternative<auth_response>(event))
      (void)session.answer({235, {2, 7, 0}, "in"}, out);
    else if (session.phase() == phase::ready && session.authenticated())
      (void)session.answer({250, {}, "reversing"}, out);
    else
      (void)session.answer(out);
  };
  const auto got = support::serve(o, "EHLO c\r\nAUTH CRAM-MD5\r\nQQ==\r\nATRN example.org\r\n", generous);
  CHECK(got.phase == "reversed");
}

TEST_CASE("the client hands over after ATRN, and a server begins on the same connection (RFC 2645 5.2.1)") {
  client here({.start = phase::ready});
  output_buffer<256> out;
  REQUIRE(here.follow(act::atrn));
  (void)here.receive(std::string_view("250 reversing\r\n"));
  CHECK(here.phase() == phase::reversed);
  CHECK_FALSE(here.open());
  server there{with({})};
  REQUIRE(there.greet(out));
  CHECK(there.phase() == phase::greeted);
}

TEST_CASE("XCLIENT begins the session anew: EHLO comes next") {
  constexpr std::array<std::string_view, 1> lines{"XCLIENT NAME ADDR"};
  server_options o = with(extension::xclient);
  o.lines = lines;
  const auto trusting = [](server& session, const server_event&, writer& out) {
    if (session.phase() == phase::ready)
      (void)session.answer({220, {}, "mx.example.org ESMTP"}, out);
    else
      (void)session.answer(out);
  };
  const auto got = support::serve(o, "EHLO c\r\nXCLIENT NAME=spike.example ADDR=192.0.2.1\r\nMAIL FROM:<a@b>\r\n", trusting);
  CHECK(got.events.back() == "refused MAIL @0 the command is out of sequence (RFC 5321 4.1.4)");
  CHECK(got.phase == "greeted");
}

TEST_CASE("355 answers only a MAIL with TRANSID, and DATA follows it (RFC 1845 4.2)") {
  const auto resume = [](server& session, const server_event& event, writer& out) {
    if (!std::holds_alternative<mail>(event) || !session.answer({355, {}, "6135 is the transaction offset"}, out))
      (void)session.answer(out);
    else
      CHECK(session.recipients() == 1);  // known from before: how many there were is not said
  };
  CHECK(support::serve(with(extension::checkpoint), "EHLO c\r\nMAIL FROM:<a@b> TRANSID=<1@c>\r\nDATA\r\n.\r\n", resume).events.back() ==
        "message_end 0");
  CHECK(support::serve(with(extension::checkpoint), "EHLO c\r\nMAIL FROM:<a@b>\r\n", resume).phase == "mail");

  client c({.start = phase::ready});
  REQUIRE(c.follow(mail{"<a@b>"_reverse_path, *mail_parameters::parse("TRANSID=<1@c>")}));
  (void)c.receive(std::string_view("355 6135 is the offset\r\n"));
  CHECK(c.phase() == phase::rcpt);
  client d({.start = phase::ready});
  REQUIRE(d.follow(mail{"<a@b>"_reverse_path, {}}));
  (void)d.receive(std::string_view("355 6135 is the offset\r\n"));
  CHECK_FALSE(d.open());
}

TEST_CASE("353 with PRDR: a reply for each recipient, then one for the message") {
  int said = 0;
  const auto each = [&](server& session, const server_event& event, writer& out) {
    if (!std::holds_alternative<message_end>(event)) return void(session.answer(out));
    static constexpr reply_code codes[] = {353, 250, 550, 250};
    (void)session.answer({codes[said++], {}, "as it is"}, out);
  };
  const auto got = support::serve(
      with(extension::prdr), "EHLO c\r\nMAIL FROM:<a@b> PRDR\r\nRCPT TO:<c@d>\r\nRCPT TO:<e@f>\r\nDATA\r\nx\r\n.\r\nNOOP\r\n", each);
  CHECK(said == 4);
  CHECK(got.events.back() == "NOOP");
  CHECK(got.phase == "ready");

  client c({.start = phase::ready});
  output_buffer<64> out;
  REQUIRE(c.follow(mail{"<a@b>"_reverse_path, *mail_parameters::parse("PRDR")}));
  for (int i = 0; i < 2; ++i) REQUIRE(c.follow(act::rcpt));
  REQUIRE(c.follow(act::data));
  std::string wire = "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n";
  std::string_view rest = wire;
  for (int i = 0; i < 4; ++i) rest.remove_prefix(c.receive(rest).used);
  REQUIRE(c.finish(out));
  wire = "353 each\r\n250 first\r\n550 second\r\n250 whole\r\n";
  rest = wire;
  std::string heard;
  for (int i = 0; i < 4; ++i) {
    const auto [used, event] = c.receive(rest);
    rest.remove_prefix(used);
    heard += support::describe(event) + "\n";
  }
  CHECK(heard == "message end 353 |each\nmessage end 250 |first\nmessage end #1 550 |second\nmessage end #2 250 |whole\n");
  CHECK(c.phase() == phase::ready);
  CHECK(c.awaited() == 0);
}

TEST_CASE("a private extension is a row of the caller's own: listed, checked, and refused without it") {
  constexpr auto is_colour = [](std::string_view value, quirks) noexcept -> result<void> {
    if (value == "red" || value == "blue") return {};
    return fault{errc::parameter_value, 0};
  };
  static constexpr private_parameter parameters[] = {
      {.keyword = "XCOLOUR", .place = parameter_place::mail, .value = value_rule::required, .max_octets = 4, .check = is_colour},
      {.keyword = "XSHINY", .place = parameter_place::rcpt},
  };
  static constexpr private_extension mine[] = {{.line = "XCOLOURS red blue", .mail_octets = 13, .rcpt_octets = 7, .parameters = parameters}};
  server_options o = with(extension::pipelining);
  CHECK(last_event(o, "EHLO c\r\nMAIL FROM:<a@b> XCOLOUR=red\r\n") == "refused MAIL @16 the parameter is unknown (RFC 5321 4.1.1.11)");
  o.own = mine;
  CHECK(listed(o) == "mx.example.org|PIPELINING|XCOLOURS red blue");
  const std::string mail = "EHLO c\r\nMAIL FROM:<a@b> ";
  CHECK(last_event(o, mail + "XCOLOUR=red\r\n") == "MAIL <a@b> XCOLOUR=red");
  CHECK(last_event(o, mail + "xcolour=blue\r\nRCPT TO:<c@d> XSHINY\r\n") == "RCPT <c@d> XSHINY");
  CHECK(last_event(o, mail + "XCOLOUR\r\n") == "refused MAIL @23 the parameter needs a value (RFC 5321 4.1.2)");
  CHECK(last_event(o, mail + "XCOLOUR=pink\r\n").substr(0, 17) == "refused MAIL @24 ");
  CHECK(last_event(o, mail + "XCOLOUR=green\r\n").substr(0, 17) == "refused MAIL @28 ");
  CHECK(last_event(o, mail + "XSHINY\r\n").substr(0, 17) == "refused MAIL @16 ");
  CHECK(last_event(o, "HELO c\r\nMAIL FROM:<a@b> XCOLOUR=red\r\n").find("unknown") != std::string::npos);
  // The command line grows by what the row says: 512 and 13.
  const std::string name = "NOOP";
  CHECK(line_limits(o).mail == 525);
  CHECK(line_limits(o).rcpt == 519);
}

TEST_CASE("UTF-8 needs SMTPUTF8, 8-bit content 8BITMIME, binary content BINARYMIME (RFC 6531 3.4, RFC 6152 2, RFC 3030 3)") {
  const std::string mail = "EHLO c\r\nMAIL FROM:<a@b> ";
  CHECK(last_event(with({}), mail + "SMTPUTF8\r\n").find("not offered") != std::string::npos);
  CHECK(last_event(with({}), mail + "BODY=8BITMIME\r\n").find("not offered") != std::string::npos);
  CHECK(last_event(with(extension::eight_bit_mime), mail + "BODY=BINARYMIME\r\n").find("not offered") != std::string::npos);
  CHECK(last_event(with({}), mail + "REQUIRETLS\r\n").find("not offered") != std::string::npos);
}

TEST_CASE("every parameter of the table is taken where its extension is offered, and 555 where it is not (RFC 5321 4.1.1.11)") {
  const struct {
    parameter_name name;
    const char* text;
  } rows[] = {
      {parameter_name::size, "SIZE=10"},
      {parameter_name::body, "BODY=7BIT"},
      {parameter_name::smtputf8, "SMTPUTF8"},
      {parameter_name::auth, "AUTH=<>"},
      {parameter_name::ret, "RET=HDRS"},
      {parameter_name::envid, "ENVID=QQ314159"},
      {parameter_name::by, "BY=120;R"},
      {parameter_name::holdfor, "HOLDFOR=600"},
      {parameter_name::holduntil, "HOLDUNTIL=2026-12-01T00:00:00Z"},
      {parameter_name::mt_priority, "MT-PRIORITY=-3"},
      {parameter_name::mtrk, "MTRK=2jmj7l5rSw0yVb/vlWAYkK/YBwk ENVID=1@c.example"},
      {parameter_name::solicit, "SOLICIT=net.example:ADV"},
      {parameter_name::submitter, "SUBMITTER=alice@example.org"},
      {parameter_name::transid, "TRANSID=<1@c.example>"},
      {parameter_name::requiretls, "REQUIRETLS"},
      {parameter_name::conperm, "CONPERM"},
      {parameter_name::xverp, "XVERP"},
      {parameter_name::prdr, "PRDR"},
      {parameter_name::xoorg, "XOORG=example.org"},
      {parameter_name::alt_address, "ALT-ADDRESS=a@example.org"},
      {parameter_name::notify, "NOTIFY=NEVER"},
      {parameter_name::orcpt, "ORCPT=rfc822;a@example.org"},
      {parameter_name::rrvs, "RRVS=2026-01-02T03:04:05Z"},
      {parameter_name::conneg, "CONNEG"},
      {parameter_name::ignorequota, "IGNOREQUOTA"},
  };
  static_assert(std::size(rows) == parameter_count);
  static constexpr std::array<std::string_view, 1> lines{"FUTURERELEASE 86400 2026-12-31T00:00:00Z"};
  std::size_t seen = 0;
  for (const auto& row : rows) {
    CAPTURE(std::string(row.text));
    CHECK(static_cast<std::size_t>(row.name) == seen++);
    const parameter_rule& rule = facts(row.name);
    for (const extension_facts& brings : extension_table) {
      if (!rule.brought_by.has(brings.what)) continue;
      server_options o = with(extension_set{brings.what}.with(brings.needs ? extension_set(*brings.needs) : extension_set{}));
      if (!includes(brings.where, service::smtp)) o.kind = includes(brings.where, service::lmtp) ? service::lmtp : service::submission;
      o.tls = brings.when == offered_when::under_tls;
      o.lines = lines;
      o.mechanisms = "CRAM-MD5";
      std::string octets = o.kind == service::lmtp ? "LHLO c\r\nMAIL FROM:<a@b>" : "EHLO c\r\nMAIL FROM:<a@b>";
      if (rule.place == parameter_place::rcpt) octets += "\r\nRCPT TO:<c@d>";
      octets += " " + std::string(row.text) + "\r\n";
      CAPTURE(last_event(o, octets));
      CHECK(last_event(o, octets).find(row.text) != std::string::npos);
      o.extensions = extension::pipelining;
      CHECK(last_event(o, octets).find("the parameter belongs to an extension that is not offered") != std::string::npos);
    }
  }
}
