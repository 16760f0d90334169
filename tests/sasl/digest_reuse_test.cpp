// Subsequent authentication of DIGEST-MD5, where what was remembered does not do (RFC 2831 2.2).

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "grammar/judged.hpp"
#include "sansmtp/sasl/digest_md5_client.hpp"
#include "sansmtp/sasl/digest_md5_server.hpp"

using namespace sansmtp;
using support::judged;
using namespace std::string_view_literals;

namespace {

constexpr digest_md5_client_options options{"u", "p", "fresh", "mx.example"};
constexpr digest_reuse saved{"u", "r", "N", "C", 1, true};
constexpr auto challenge = "realm=\"r\",nonce=\"M\",algorithm=md5-sess,charset=utf-8"sv;

bool begins_anew(std::string_view response) {
  return response.find(",nonce=\"M\",nc=00000001,cnonce=\"fresh\"") != std::string_view::npos;
}

}  // namespace

TEST_CASE("what can not be taken up again is not, and the challenge is answered as the first") {
  const std::string long_text(256, 'x');
  const digest_reuse useless[] = {
      {"u", "r", "N", "C", 0, true},           // was never used
      {"u", "r", "N", "C", 0xFFFFFFFF, true},  // no count of eight digits is left
      {"u", "r", "", "C", 1, true},           {"u", "r", long_text, "C", 1, true}, {"u", long_text, "N", "C", 1, true},
  };
  for (const digest_reuse& earlier : useless) {
    CAPTURE(&earlier - useless);
    output_buffer<1024> out;
    digest_md5_client eager(options, earlier);
    CHECK(judged(eager.respond("", out)) == judged(errc::sasl_field_missing, 0));  // the empty text is no challenge
    CHECK(out.empty());
    digest_md5_client client(options, earlier);
    REQUIRE(judged(client.respond(challenge, out)) == "taken");
    CHECK(begins_anew(out.written()));
  }
  output_buffer<1024> out;
  digest_md5_client client(options, saved);
  REQUIRE(judged(client.respond("", out)) == "taken");
  CHECK(out.written().find(",nonce=\"N\",nc=00000002,cnonce=\"C\"") != std::string_view::npos);
}

TEST_CASE("before an exchange there is nothing to take up again") {
  CHECK(digest_md5_client(options).reuse().count == 0);
  CHECK(digest_md5_client(options).reuse().nonce.empty());
}

TEST_CASE("a client that would take up an exchange answers a challenge that comes first as any other") {
  output_buffer<1024> out;
  digest_md5_client client(options, saved);
  REQUIRE(judged(client.respond(challenge, out)) == "taken");
  CHECK(begins_anew(out.written()));
  CHECK(judged(client.respond(challenge, out)) == judged(errc::sasl_field_missing, challenge.size()));
  CHECK(judged(client.respond("", out)) == judged(errc::sasl_out_of_order, 0));
}

TEST_CASE("a challenge of several realms is no verdict, and is answered anew (RFC 2831 2.1.1, 2.2.2)") {
  constexpr auto of_realms = "realm=\"r\",realm=\"q\",nonce=\"M\",algorithm=md5-sess,charset=utf-8"sv;
  CHECK(judged(parse_response_auth(of_realms)) == judged(errc::sasl_field_missing, of_realms.size()));
  output_buffer<1024> out;
  digest_md5_client client(options, saved);
  REQUIRE(client.respond("", out));
  out.clear();
  REQUIRE(judged(client.respond(of_realms, out)) == "taken");
  CHECK(begins_anew(out.written()));
  CHECK(out.written().find(",realm=\"r\",") != std::string_view::npos);
}

TEST_CASE("a realm that was sent is sent again, though it be empty (RFC 2831 2.1.2, 2.2.1)") {
  for (const bool offered : {false, true}) {
    CAPTURE(offered);
    output_buffer<1024> out, answers;
    const auto says_realm = [&] { return out.written().find(",realm=\"\",") != std::string_view::npos; };
    digest_md5_server first_server({"M"}), server({"other"});
    REQUIRE(first_server.challenge(answers));
    digest_md5_client first(options);
    REQUIRE(first.respond((offered ? "realm=\"\"," : "") + std::string(answers.written()), out));
    CHECK(says_realm() == offered);
    REQUIRE(judged(first_server.take(out.written())) == "taken");
    REQUIRE(judged(first_server.verify("p")) == "taken");
    answers.clear();
    REQUIRE(first_server.challenge(answers));
    REQUIRE(first.respond(answers.written(), out));
    CHECK(first.reuse().has_realm == offered);
    CHECK(first_server.reuse().has_realm == offered);

    out.clear();
    digest_md5_client again(options, first.reuse());
    REQUIRE(again.respond("", out));
    CHECK(says_realm() == offered);
    REQUIRE(judged(server.take(out.written())) == "taken");
    REQUIRE(judged(server.resume(first_server.reuse())) == "taken");
    CHECK(judged(server.verify("p")) == "taken");
  }
}

TEST_CASE("a verdict that is spoilt is no challenge, and ends an exchange that was taken up") {
  for (const std::string_view verdict : {"rspauth=x"sv, "rspauth=00000000000000000000000000000000"sv}) {
    output_buffer<1024> out;
    digest_md5_client client(options, saved);
    REQUIRE(client.respond("", out));
    out.clear();
    CHECK(judged(client.respond(verdict, out)) ==
          judged(verdict.size() < 10 ? errc::digest_value : errc::sasl_verifier, 8));
    CHECK(judged(client.respond(challenge, out)) == judged(errc::sasl_out_of_order, 0));
    CHECK(out.empty());
    CHECK_FALSE(client.done());
  }
}

TEST_CASE("a server takes up neither another character set nor a count that has come round") {
  const auto resumed = [](std::string_view count, std::string_view more, const digest_reuse& earlier) {
    digest_md5_server server({"M"});
    const std::string response = "username=\"u\",realm=\"r\",nonce=\"N\",nc=" + std::string(count) +
                                 ",cnonce=\"C\",digest-uri=\"smtp/mx.example\",response=" + std::string(32, '0') +
                                 std::string(more);
    REQUIRE(judged(server.take(response)) == "taken");
    return judged(server.resume(earlier));
  };
  digest_reuse earlier = saved;
  CHECK(resumed("00000002", ",charset=utf-8", earlier) == "taken");
  CHECK(resumed("00000002", "", earlier) == judged(errc::sasl_nonce, 0));
  earlier.utf8 = false;
  CHECK(resumed("00000002", "", earlier) == "taken");
  CHECK(resumed("00000002", ",charset=utf-8", earlier) == judged(errc::sasl_nonce, 0));
  earlier.count = 0xFFFFFFFE;
  CHECK(resumed("ffffffff", "", earlier) == "taken");
  earlier.count = 0xFFFFFFFF;
  CHECK(resumed("00000000", "", earlier) == judged(errc::digest_count, 0));
}

TEST_CASE("nothing is verified before somebody claims to be somebody") {
  digest_md5_server server({"N"});
  const auto hash = digest_user_hash("u", "r", "p", true);
  CHECK(judged(server.verify("p")) == judged(errc::sasl_out_of_order, 0));
  CHECK(judged(server.verify_hash(octets_of(hash))) == judged(errc::sasl_out_of_order, 0));
  output_buffer<512> out;
  REQUIRE(server.challenge(out));
  CHECK(judged(server.verify("p")) == judged(errc::sasl_out_of_order, 0));
  CHECK(judged(server.verify_hash(octets_of(hash))) == judged(errc::sasl_out_of_order, 0));
  CHECK_FALSE(server.done());
}
