// Too little room for what is to be written, and too many replies to wait for: nothing is written, nothing
// changes, and the same call succeeds when there is room.

#include <doctest/doctest.h>

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "sansmtp/sansmtp.hpp"
#include "support/describe.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

// Calls `write` with room for 0, 1, 2 … octets until it succeeds, and gives what it wrote.
template <class Session, class Write>
std::string written_at_last(Session& session, Write write) {
  std::array<char, 1024> octets{};
  const phase before = session.phase();
  for (std::size_t room = 0; room <= octets.size(); ++room) {
    writer out{std::span<char>(octets.data(), room)};
    const result<void> done = write(out);
    if (done) {
      CHECK(out.room() == 0);  // there was no sooner room enough
      return std::string(out.written());
    }
    CHECK(done.error() == fault{errc::output_full, 0});
    CHECK(out.empty());
    CHECK(session.phase() == before);
  }
  return "never";
}

void hear(client& session, std::string_view octets) {
  while (!octets.empty()) {
    const client_step step = session.receive(octets);
    REQUIRE(step.used != 0);
    octets.remove_prefix(step.used);
  }
}

const ehlo hello{*hello_name::parse("c.example")};
const mail from{"<a@c.example>"_reverse_path, {}};
const rcpt to{"<b@example.org>"_forward_path, {}};

client introduced() {
  client session;
  hear(session, "220 mx\r\n");
  REQUIRE(session.follow(hello));
  hear(session, "250-mx\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 AUTH PLAIN LOGIN\r\n");
  return session;
}

client at_message() {
  client session = introduced();
  for (const command& c : {command(from), command(to), command(data{})}) REQUIRE(session.follow(c));
  hear(session, "250 ok\r\n250 ok\r\n354 go\r\n");
  return session;
}

client at_challenge(std::string_view challenge = "334 \r\n") {
  client session = introduced();
  REQUIRE(session.follow(auth{"LOGIN", {}}));
  hear(session, challenge);
  REQUIRE(session.phase() == phase::auth);
  return session;
}

// 20 runs of commands, none alike its neighbour.
client with_full_pipeline() {
  client session = introduced();
  output_buffer<1024> out;
  for (std::size_t i = 0; i < limits::pipeline_runs / 2; ++i) {
    REQUIRE(session.send(from, out));
    REQUIRE(session.send(rset{}, out));
  }
  return session;
}

}  // namespace

TEST_CASE("a client's command is written whole or not at all, and awaited only when written (RFC 5321 2.3.8)") {
  client session = introduced();
  CHECK(written_at_last(session, [&](writer& out) {
          CHECK(session.awaited() == 0);
          return session.send(from, out);
        }) == "MAIL FROM:<a@c.example>\r\n");
  CHECK(session.awaited() == 1);
}

TEST_CASE("the final dot is three octets or none, and the message is open until then (RFC 5321 4.1.1.4)") {
  client session = at_message();
  CHECK(written_at_last(session, [&](writer& out) {
          CHECK(session.awaited() == 0);
          return session.finish(out);
        }) == ".\r\n");
  CHECK(session.awaited() == 1);
}

TEST_CASE("content for which there is no room is not taken, in a message and in a chunk") {
  client session = at_message();
  writer none{std::span<char>()};
  CHECK(session.write("a\r\n", none).value() == 0);
  output_buffer<16> out;
  CHECK(session.write("a\r\n", out).value() == 3);

  client other = introduced();
  for (const command& c : {command(from), command(to), command(bdat{3, true})}) REQUIRE(other.follow(c));
  CHECK(other.write("abc", none).value() == 0);
  out.clear();
  CHECK(other.write("abc", out).value() == 3);
  CHECK(out.written() == "abc");
}

TEST_CASE("a response and a cancellation are written whole or not at all (RFC 4954 4)") {
  client session = at_challenge();
  CHECK(written_at_last(session, [&](writer& out) {
          CHECK(session.awaited() == 0);
          return session.respond(std::string_view("user"), out);
        }) == "dXNlcg==\r\n");
  CHECK(session.awaited() == 1);

  client other = at_challenge();
  CHECK(written_at_last(other, [&](writer& out) { return other.cancel(out); }) == "*\r\n");
  CHECK(other.awaited() == 1);
}

TEST_CASE("a mechanism is not asked for more than there is room for, and can be asked again (RFC 4954 4)") {
  client session = at_challenge("334 VXNlcm5hbWU6\r\n");
  login_client login("user", secret("pass"));
  const challenge username{*base64_text::parse("VXNlcm5hbWU6")};
  CHECK(written_at_last(session, [&](writer& out) { return session.respond(login, username, out); }) == "dXNlcg==\r\n");
  CHECK_FALSE(login.done());  // the password is still to come
  hear(session, "334 UGFzc3dvcmQ6\r\n");
  const challenge password{*base64_text::parse("UGFzc3dvcmQ6")};
  CHECK(written_at_last(session, [&](writer& out) { return session.respond(login, password, out); }) == "cGFzcw==\r\n");
  CHECK(login.done());
}

TEST_CASE("AUTH is not begun without room for the longest line that it may take: 512 octets (RFC 4954 4)") {
  client session = introduced();
  plain_client plain("user", secret("pass"));
  std::array<char, limits::command_line> octets{};
  writer small{std::span<char>(octets).first(octets.size() - 1)};
  const auto refused = session.authenticate(plain, small);
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == fault{errc::output_full, 0});
  CHECK(small.empty());
  CHECK_FALSE(plain.done());
  writer enough{octets};
  REQUIRE(session.authenticate(plain, enough));
  CHECK(enough.written() == "AUTH PLAIN AHVzZXIAcGFzcw==\r\n");
  CHECK(plain.done());
}

TEST_CASE("a command beyond the runs that can be awaited is not written, and has room when a reply came (RFC 2920 3.1)") {
  client session = with_full_pipeline();
  CHECK(session.awaited() == limits::pipeline_runs);
  output_buffer<64> out;
  const auto sent = session.send(from, out);
  REQUIRE_FALSE(sent);
  CHECK(sent.error() == fault{errc::pipeline_full, 0});
  CHECK(out.empty());
  for (const result<void>& followed : {session.follow(from), session.follow(act::other)}) {
    REQUIRE_FALSE(followed);
    CHECK(followed.error() == fault{errc::pipeline_full, 0});
  }
  CHECK(session.awaited() == limits::pipeline_runs);
  REQUIRE(session.send(rset{}, out));  // of the last run
  CHECK(session.awaited() == limits::pipeline_runs + 1);
  hear(session, "250 ok\r\n");  // the whole first run
  CHECK(session.send(from, out));
}

TEST_CASE("a server's reply is written whole or not at all, and owed until then (RFC 5321 4.2)") {
  server session{{.host = "mx.example.org"_domain,
                  .extensions = {extension::pipelining, extension::auth, extension::limits, extension::enhanced_status_codes},
                  .mechanisms = "PLAIN LOGIN",
                  .cleartext_passwords = true}};
  const auto replied = [&](std::string_view line) {
    if (!line.empty()) (void)session.receive(line);
    return written_at_last(session, [&](writer& out) {
      CHECK(session.owed() == 1);
      return session.answer(out);
    });
  };
  CHECK(replied("") == "220 mx.example.org ESMTP\r\n");
  CHECK(replied("EHLO c\r\n") ==
        "250-mx.example.org\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-AUTH PLAIN LOGIN\r\n250 LIMITS RCPTMAX=100\r\n");
  CHECK(replied("MAIL FROM:<a@b>\r\n") == "250 2.1.0 sender accepted\r\n");
  CHECK(session.phase() == phase::mail);
  CHECK(replied("MAIL FROM:<a@b>\r\n").substr(0, 10) == "503 5.5.1 ");
  CHECK(replied("RSET\r\n") == "250 2.0.0 transaction forgotten\r\n");
  (void)session.receive(std::string_view("AUTH LOGIN\r\n"));
  CHECK(written_at_last(session, [&](writer& out) {
          CHECK(session.owed() == 1);
          return session.challenge("Username:", out);
        }) == "334 VXNlcm5hbWU6\r\n");
  CHECK(session.phase() == phase::auth);
  CHECK(replied("*\r\n").substr(0, 3) == "501");
  CHECK(replied("QUIT\r\n") == "221 2.0.0 mx.example.org closing\r\n");
  CHECK(session.phase() == phase::closed);
}
