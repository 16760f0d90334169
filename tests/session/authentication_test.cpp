// Both sessions and both sides of a mechanism wired together: an exchange goes through, or ends where it must.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sansmtp/sansmtp.hpp"
#include "support/describe.hpp"

using namespace sansmtp;
using namespace sansmtp::literals;

namespace {

constexpr std::string_view offers = "PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-256 OAUTHBEARER";

// A client and a server, introduced to each other, and what the client heard last.
struct pair {
  server there{{.host = "mx.example.org"_domain,
                .extensions = {extension::auth, extension::enhanced_status_codes},
                .mechanisms = offers,
                .tls = true}};
  client here{{.tls = true}};
  output_buffer<16384> to_server{};
  output_buffer<16384> to_client{};
  std::string heard{};

  pair() {
    (void)there.greet(to_client);
    listen([](const challenge&) {});
    (void)here.send(ehlo{*hello_name::parse("c.example")}, to_server);
    serve([](server& s, const server_event&, writer& out) { (void)s.answer(out); });
    listen([](const challenge&) {});
  }

  template <class Reply>
  void serve(Reply reply) {
    const std::string octets(to_server.written());
    to_server.clear();
    const auto step = there.receive(std::string_view(octets));
    CHECK(step.used == octets.size());
    reply(there, step.event, to_client);
  }

  template <class Answer>
  void listen(Answer on_challenge) {
    const std::string octets(to_client.written());
    to_client.clear();
    const auto step = here.receive(std::string_view(octets));
    CHECK(step.used == octets.size());
    heard = support::describe(step.event);
    if (const auto* c = std::get_if<challenge>(&step.event)) on_challenge(*c);
  }
};

// Lets the two objects talk until a verdict; `verify` says whether what the server's object took is right.
template <class Client, class Server, class Verify>
std::string exchange(pair& both, Client& mine, Server& theirs, Verify verify) {
  REQUIRE(both.here.authenticate(mine, both.to_server));
  for (int turns = 0; turns < 8 && both.heard.find("235") == std::string::npos && both.heard.find("535") == std::string::npos; ++turns) {
    both.serve([&](server& session, const server_event& event, writer& out) {
      char room[limits::sasl_message];
      char more_room[limits::sasl_message];
      writer more{more_room};
      std::optional<base64_text> said;
      if (const auto* a = std::get_if<auth>(&event)) said = a->initial_response;
      if (const auto* r = std::get_if<auth_response>(&event)) said = r->response;
      if (said && !verify(theirs, *said->decode(room))) return void(session.answer({535, {5, 7, 8}, "no"}, out));
      if (theirs.done()) return void(session.answer({235, {2, 7, 0}, "in"}, out));
      const auto next = theirs.challenge(more);
      REQUIRE(next);
      REQUIRE(session.challenge(*next, out));
    });
    both.listen([&](const challenge& c) {
      if (!both.here.respond(mine, c, both.to_server)) REQUIRE(both.here.cancel(both.to_server));
    });
  }
  return both.heard;
}

}  // namespace

TEST_CASE("PLAIN goes with its initial response, and the password decides (RFC 4954 4, RFC 4616 2)") {
  for (std::string_view password : {"tanstaaftanstaaf", "wrong"}) {
    pair both;
    plain_client mine("tim", secret(password));
    plain_server theirs;
    const auto verdict = exchange(both, mine, theirs, [](plain_server& s, std::string_view response) {
      const auto who = s.take(response);
      return who && who->authcid == "tim" && who->passwd == secret("tanstaaftanstaaf");
    });
    const bool right = password != "wrong";
    CHECK(verdict.substr(0, 8) == (right ? "AUTH 235" : "AUTH 535"));
    CHECK(both.here.authenticated() == right);
    CHECK(both.there.authenticated() == right);
    CHECK(both.there.failed_authentications() == (right ? 0 : 1));
    CHECK(both.here.phase() == phase::ready);
  }
}

TEST_CASE("a first message too long for the line waits for the empty challenge (RFC 4954 4)") {
  const std::string token(900, 't');
  pair both;
  oauthbearer_client mine({.token = secret(token)});
  oauthbearer_server theirs;
  const auto verdict = exchange(both, mine, theirs, [&](oauthbearer_server& s, std::string_view response) {
    const auto who = s.take(response);
    return who && who->token == secret(token);
  });
  CHECK(verdict.substr(0, 12) == "response 235");
  CHECK(mine.done());
}

TEST_CASE("LOGIN asks twice and CRAM-MD5 once, server first (draft-murchison-sasl-login, RFC 2195 2)") {
  pair first;
  login_client mine("tim", secret("tanstaaftanstaaf"));
  login_server theirs;
  CHECK(exchange(first, mine, theirs, [](login_server& s, std::string_view response) {
          const auto who = s.take(response);
          return who && (!*who || (*who)->passwd == secret("tanstaaftanstaaf"));
        }).substr(0, 12) == "response 235");
  pair second;
  cram_md5_client cram("tim", secret("tanstaaftanstaaf"));
  cram_md5_server<> asks("<1896.697170952@postoffice.reston.mci.net>");
  CHECK(exchange(second, cram, asks, [](cram_md5_server<>& s, std::string_view response) {
          const auto who = s.take(response);
          return who && s.verify(*who, secret("tanstaaftanstaaf"));
        }).substr(0, 12) == "response 235");
}

TEST_CASE("DIGEST-MD5 is taken up again with AUTH, and begins anew where the server has forgotten (RFC 2831 2.2)") {
  const digest_md5_client_options user{"tim", "tanstaaf", "fresh", "mx.example.org"};
  const digest_reuse earlier{"tim", "example.org", "N", "C", 1, true, true};
  for (const bool remembered : {true, false}) {
    CAPTURE(remembered);
    pair both;
    digest_md5_client mine(user, earlier);
    digest_md5_server theirs({.nonce = "M", .realm = "example.org", .host = "mx.example.org"});
    std::string nonces;
    const auto verdict = exchange(both, mine, theirs, [&](digest_md5_server<>& s, std::string_view response) {
      if (!s.take(response)) return false;
      if (response.empty()) return true;
      nonces += s.reuse().nonce;
      if (nonces == "N" && (!remembered || !s.resume(earlier))) return true;  // challenge() begins anew
      return s.verify(secret("tanstaaf")).has_value();
    });
    CHECK(nonces == std::string(remembered ? "N" : "NM"));
    CHECK(verdict.substr(0, 12) == "response 235");
    CHECK(mine.done());
    CHECK(mine.reuse().count == (remembered ? 2 : 1));
    CHECK(both.here.authenticated());
    CHECK(both.there.authenticated());
  }
}

TEST_CASE("235 before the mechanism is complete is no success of the mechanism (RFC 5802 5, RFC 4954 4)") {
  pair both;
  cram_md5_client mine("tim", secret("x"));
  REQUIRE(both.here.authenticate(mine, both.to_server));
  both.serve([](server&, const server_event&, writer& out) { REQUIRE(encode(response{235, {2, 7, 0}, "trust me"}, out)); });
  both.listen([](const challenge&) {});
  CHECK_FALSE(mine.done());
}
