#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "grammar/judged.hpp"
#include "sansmtp/sasl/digest_md5_client.hpp"
#include "sansmtp/sasl/digest_md5_server.hpp"

using namespace sansmtp;
using support::judged;
using support::refused_row;
using namespace std::string_view_literals;

namespace {

constexpr digest_md5_client_options options{"chris", "secret", "OA9BSuZWMSpW8m", "elwood.innosoft.com", "acap"};
constexpr auto challenge =
    "realm=\"elwood.innosoft.com\",nonce=\"OA9BSXrbuRhWay\",qop=\"auth\",algorithm=md5-sess,charset=utf-8"sv;
constexpr auto verdict = "rspauth=2f0b3d7c3c2e486600ef710726aa2eae"sv;

constexpr digest_md5_server_options offered{"N", "r", "smtp", "mx.example"};

// The right response to that, in pieces that can be spoilt.
const std::string head =
    "username=\"u\",realm=\"r\",nonce=\"N\",nc=00000001,cnonce=\"C\",digest-uri=\"smtp/mx.example\",";
std::string proof() {
  const digest_values values{"N", "C", "smtp/mx.example", ""};
  const auto user = digest_user_hash("u", "r", "p", false);
  const auto session = digest_session_hash(octets_of(user), values);
  return "response=" + std::string(octets_of(digest_response_value(octets_of(session), values, false)));
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  return text.replace(text.find(what), what.size(), with);
}

}  // namespace

TEST_CASE("a client refuses a spoilt challenge at the octet, and the exchange is over") {
  const std::string long_challenge = std::string(challenge) + ",x=" + std::string(2048, 'x');
  const std::string long_nonce = "algorithm=md5-sess,nonce=\"" + std::string(256, 'n') + "\"";
  const refused_row rows[] = {
      // missing
      {"", errc::sasl_field_missing, 0},
      {" ,, ,", errc::sasl_field_missing, 5},
      {"algorithm=md5-sess", errc::sasl_field_missing, 18},
      {"nonce=\"N\"", errc::sasl_field_missing, 9},
      {"nonce=\"N\",algorithm=md5-sess,qop=\"auth,auth-conf\"", errc::sasl_field_missing, 49},
      // doubled
      {"nonce=\"N\",nonce=\"N\",algorithm=md5-sess", errc::sasl_field_repeated, 10},
      {"nonce=\"N\",algorithm=md5-sess,Algorithm=md5-sess", errc::sasl_field_repeated, 29},
      {"nonce=\"N\",stale=true,stale=true,algorithm=md5-sess", errc::sasl_field_repeated, 21},
      {"nonce=\"N\",maxbuf=1,maxbuf=1,algorithm=md5-sess", errc::sasl_field_repeated, 19},
      {"charset=utf-8,charset=utf-8,nonce=\"N\",algorithm=md5-sess", errc::sasl_field_repeated, 14},
      {"qop=\"auth\",qop=\"auth\",nonce=\"N\",algorithm=md5-sess", errc::sasl_field_repeated, 11},
      {"cipher=\"des\",cipher=\"des\",nonce=\"N\",algorithm=md5-sess", errc::sasl_field_repeated, 13},
      // empty
      {"nonce=\"\",algorithm=md5-sess", errc::sasl_field_empty, 7},
      {"nonce=,algorithm=md5-sess", errc::sasl_field_empty, 6},
      {"nonce=\"N\",algorithm=", errc::sasl_field_empty, 20},
      {"nonce=\"N\",algorithm=md5-sess,qop=\"\"", errc::digest_value, 34},
      {"nonce=\"N\",algorithm=md5-sess,qop=\" ,\"", errc::digest_value, 34},
      {"=\"N\",algorithm=md5-sess", errc::sasl_message_malformed, 0},
      // over-long
      {long_challenge, errc::sasl_field_too_long, 2047},
      {long_nonce, errc::sasl_field_too_long, 26},
      // NUL and other controls
      {"nonce=\"N\0\",algorithm=md5-sess"sv, errc::sasl_octet, 8},
      {"nonce=\"N\r\n\",algorithm=md5-sess", errc::sasl_octet, 8},
      {"nonce=\"N\\\0\",algorithm=md5-sess"sv, errc::sasl_octet, 9},
      {"nonce=\"N\\\x80\",algorithm=md5-sess", errc::sasl_octet, 9},
      {"nonce=\"N\x7F\",algorithm=md5-sess", errc::sasl_octet, 8},
      {"nonce=\"N\",\0algorithm=md5-sess"sv, errc::sasl_message_malformed, 10},
      {"nonce=\"N\"\r\nalgorithm=md5-sess", errc::sasl_message_malformed, 9},
      // not words
      {"nonce=\"N", errc::sasl_message_malformed, 8},
      {"nonce=\"N\\", errc::sasl_message_malformed, 9},
      {"nonce=\"N\\\"", errc::sasl_message_malformed, 10},
      {"nonce=\"N\"algorithm=md5-sess", errc::sasl_message_malformed, 9},
      {"nonce=\"N\" algorithm=md5-sess", errc::sasl_message_malformed, 10},
      {"nonce \"N\"", errc::sasl_message_malformed, 6},
      {"nonce", errc::sasl_message_malformed, 5},
      {"nonce=N;algorithm=md5-sess", errc::sasl_message_malformed, 7},
      {"n\xC3\xBC=x", errc::sasl_message_malformed, 1},
      // values
      {"nonce=\"N\",algorithm=md5", errc::digest_value, 20},
      {"nonce=\"N\",algorithm=md5-sess,stale=false", errc::digest_value, 35},
      {"nonce=\"N\",algorithm=md5-sess,charset=latin1", errc::digest_value, 37},
      {"nonce=\"N\",algorithm=md5-sess,maxbuf=-1", errc::number_malformed, 36},
      {"nonce=\"N\",algorithm=md5-sess,maxbuf=1k", errc::number_malformed, 37},
      {"nonce=\"N\",algorithm=md5-sess,qop=\"auth;x\"", errc::digest_value, 38},
      {"nonce=\"N\",algorithm=md5-sess,qop=\"new\"", errc::digest_unusable, 34},
      {"nonce=\"N\",algorithm=md5-sess,qop=\"auth-int\"", errc::digest_unusable, 34},
      {"nonce=\"N\",algorithm=md5-sess,cipher=\"aes\"", errc::digest_unusable, 37},
      // the verdict before the response
      {verdict, errc::sasl_field_missing, 40},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    digest_md5_client client(options);
    output_buffer<1024> out;
    CHECK(judged(client.respond(r.text, out)) == judged(r.why, r.at));
    CHECK(out.empty());
    CHECK_FALSE(client.done());
    CHECK(judged(client.respond(challenge, out)) == judged(errc::sasl_out_of_order, 0));
  }
}

TEST_CASE("a client is done by the server's right proof alone") {
  const refused_row rows[] = {
      {"", errc::sasl_field_missing, 0},
      {"rspauth=", errc::sasl_field_empty, 8},
      {"rspauth=\"\"", errc::digest_value, 9},
      {"rspauth=2f0b3d7c3c2e486600ef710726aa2eaf", errc::sasl_verifier, 8},
      {"rspauth=6084c6db3fede7352c551284490fd0fc", errc::sasl_verifier, 8},  // the client's own
      {"rspauth=2F0B3D7C3C2E486600EF710726AA2EAE", errc::digest_value, 9},
      {"rspauth=2f0b3d7c3c2e486600ef710726aa2ea", errc::digest_value, 39},
      {"rspauth=2f0b3d7c3c2e486600ef710726aa2eaee", errc::digest_value, 40},
      {"rspauth=2f0b3d7c3c2e486600ef710726aa2eag", errc::digest_value, 39},
      {"rspauth=2f0b3d7c3c2e486600ef710726aa2eae,rspauth=2f0b3d7c3c2e486600ef710726aa2eae", errc::sasl_field_repeated,
       41},
      {"rspauth=2f0b3d7c3c2e486600ef710726aa2eae\0"sv, errc::sasl_message_malformed, 40},
      {"rspauth 2f0b3d7c3c2e486600ef710726aa2eae", errc::sasl_message_malformed, 8},
      {"x=1", errc::sasl_field_missing, 3},
      {challenge, errc::sasl_field_missing, challenge.size()},  // the challenge again
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    digest_md5_client client(options);
    output_buffer<1024> out;
    REQUIRE(client.respond(challenge, out));
    CHECK(judged(client.respond(r.text, out)) == judged(r.why, r.at));
    CHECK_FALSE(client.done());
    CHECK(judged(client.respond(verdict, out)) == judged(errc::sasl_out_of_order, 0));
    CHECK_FALSE(client.done());
  }
  digest_md5_client client(options);
  output_buffer<1024> out;
  REQUIRE(client.respond(challenge, out));
  CHECK(judged(client.respond("x=1, rspauth = \"2f0b3d7c3c2e486600ef710726aa2eae\"", out)) == "taken");
  CHECK(client.done());
}

TEST_CASE("what the caller gives is checked before it is sent") {
  output_buffer<8192> out;
  const auto judged_of = [&](const digest_md5_client_options& given) {
    digest_md5_client client(given);
    return judged(client.respond(challenge, out));
  };
  const std::string long_name(256, 'u');
  CHECK(judged_of({"", "p", "C", "h"}) == judged(errc::sasl_field_empty, 0));
  CHECK(judged_of({long_name, "p", "C", "h"}) == judged(errc::sasl_field_too_long, 255));
  CHECK(judged_of({"u\0v"sv, "p", "C", "h"}) == judged(errc::sasl_octet, 1));
  CHECK(judged_of({"u\nv", "p", "C", "h"}) == judged(errc::sasl_octet, 1));
  CHECK(judged_of({"u\xFFv", "p", "C", "h"}) == judged(errc::utf8_malformed, 1));
  CHECK(judged_of({"u", "p", "", "h"}) == judged(errc::sasl_field_empty, 0));
  CHECK(judged_of({"u", "p", "C\r", "h"}) == judged(errc::sasl_octet, 1));
  CHECK(judged_of({"u", "p", "C", ""}) == judged(errc::digest_value, 5));
  CHECK(judged_of({"u", "p", "C", "h\"h"}) == judged(errc::digest_value, 6));
  CHECK(judged_of({"u", "p", "C", "h", "sm tp"}) == judged(errc::digest_value, 2));
  CHECK(judged_of({"u", "p", "C", "h", "smtp", {}, {}, "a\0b"sv}) == judged(errc::sasl_octet, 1));
  CHECK(out.empty());
}

TEST_CASE("a server refuses a spoilt response at the octet, and the exchange is over") {
  const std::string right = head + proof();
  const auto without = [&](std::string_view directive) { return replaced(right + ",", directive, ""); };
  const auto changed = [&](std::string_view from, std::string_view to) { return replaced(right, from, to); };
  const auto more = [&](std::string_view directive) { return right + "," + std::string(directive); };
  struct row {
    std::string text;
    errc why;
    std::size_t at;
  };
  const auto place = [&](std::string_view of) { return right.find(of); };
  const std::size_t size = right.size();
  const std::string nul(1, '\0');
  const row rows[] = {
      {"", errc::sasl_field_missing, 0},
      {without("username=\"u\","), errc::sasl_field_missing, size + 1 - 13},
      {without("realm=\"r\","), errc::sasl_field_missing, size + 1 - 10},
      {without("nonce=\"N\","), errc::sasl_field_missing, size + 1 - 10},
      {without("nc=00000001,"), errc::sasl_field_missing, size + 1 - 12},
      {without("cnonce=\"C\","), errc::sasl_field_missing, size + 1 - 11},
      {without("digest-uri=\"smtp/mx.example\","), errc::sasl_field_missing, size + 1 - 29},
      {head, errc::sasl_field_missing, head.size()},
      // doubled
      {more("username=\"v\""), errc::sasl_field_repeated, size + 1},
      {more("realm=\"r\""), errc::sasl_field_repeated, size + 1},
      {more("nonce=\"N\""), errc::sasl_field_repeated, size + 1},
      {more("cnonce=\"C\""), errc::sasl_field_repeated, size + 1},
      {more("nc=00000001"), errc::sasl_field_repeated, size + 1},
      {more("digest-uri=\"smtp/mx.example\""), errc::sasl_field_repeated, size + 1},
      {more(proof()), errc::sasl_field_repeated, size + 1},
      {more("qop=auth,qop=auth"), errc::sasl_field_repeated, size + 10},
      {more("maxbuf=1,maxbuf=1"), errc::sasl_field_repeated, size + 10},
      {more("authzid=\"x\",authzid=\"x\""), errc::sasl_field_repeated, size + 13},
      {more("charset=utf-8,charset=utf-8"), errc::sasl_field_repeated, size + 15},
      {more("cipher=des,cipher=des"), errc::sasl_field_repeated, size + 12},
      // empty
      {changed("username=\"u\"", "username=\"\""), errc::sasl_field_empty, 10},
      {changed("nonce=\"N\"", "nonce=\"\""), errc::sasl_field_empty, place("nonce=\"N\"") + 7},
      {changed("cnonce=\"C\"", "cnonce=\"\""), errc::sasl_field_empty, place("cnonce") + 8},
      {more("authzid=\"\""), errc::sasl_field_empty, size + 10},
      {changed("smtp/mx.example", ""), errc::digest_value, place("smtp/")},
      {changed("nc=00000001", "nc="), errc::sasl_field_empty, place("nc=") + 3},
      // over-long
      {changed("username=\"u\"", "username=\"" + std::string(256, 'u') + "\""), errc::sasl_field_too_long, 10},
      {changed("cnonce=\"C\"", "cnonce=\"" + std::string(256, 'c') + "\""), errc::sasl_field_too_long,
       place("cnonce") + 8},
      {more("authzid=\"" + std::string(256, 'z') + "\""), errc::sasl_field_too_long, size + 10},
      {more("x=" + std::string(4096, 'x')), errc::sasl_field_too_long, 4095},
      // octets
      {changed("\"u\"", "\"u" + nul + "\""), errc::sasl_octet, 11},
      {changed("\"u\"", "\"u\n\""), errc::sasl_octet, 11},
      {more("charset=utf-8,x=\xC3"), errc::sasl_field_empty, size + 17},
      {changed("username=\"u\"", "charset=utf-8,username=\"u\xFF\""), errc::utf8_malformed, 25},
      {more("authzid=\"\xFF\""), errc::utf8_malformed, size + 10},
      // values
      {changed("nc=00000001", "nc=1"), errc::digest_value, place("nc=") + 4},
      {changed("nc=00000001", "nc=0000000001"), errc::digest_value, place("nc=") + 11},
      {changed("nc=00000001", "nc=0000000A"), errc::digest_value, place("nc=") + 10},
      {changed("nc=00000001", "nc=0000000g"), errc::digest_value, place("nc=") + 10},
      {changed("smtp/mx.example", "smtp"), errc::digest_value, place("smtp/") + 4},
      {changed("smtp/mx.example", "smtp/"), errc::digest_value, place("smtp/") + 5},
      {changed("smtp/mx.example", "smtp/mx.example/"), errc::digest_value, place("smtp/") + 16},
      {changed("smtp/mx.example", "smtp/mx_example"), errc::digest_value, place("smtp/") + 7},
      {changed("response=", "response=0"), errc::digest_value, place("response=") + 9 + 32},
      {head + "response=" + std::string(32, 'A'), errc::digest_value, head.size() + 9},
      {more("qop=new"), errc::digest_unusable, size + 5},
      {more("qop=auth-int"), errc::digest_unusable, size + 5},
      {more("qop=auth-conf"), errc::sasl_field_missing, size + 14},
      {more("qop=auth-conf,cipher=des"), errc::digest_unusable, size + 5},
      {more("maxbuf=x"), errc::number_malformed, size + 8},
      {more("charset=latin1"), errc::digest_value, size + 9},
      // of another exchange
      {changed("nonce=\"N\"", "nonce=\"n\""), errc::sasl_nonce, place("nonce=\"N\"") + 7},
      {changed("nonce=\"N\"", "nonce=\"NN\""), errc::sasl_nonce, place("nonce=\"N\"") + 7},
      {changed("nc=00000001", "nc=00000000"), errc::digest_count, place("nc=") + 3},
      {changed("nc=00000001", "nc=00000002"), errc::digest_count, place("nc=") + 3},
      {changed("nc=00000001", "nc=80000000"), errc::digest_count, place("nc=") + 3},
      {changed("realm=\"r\"", "realm=\"R\""), errc::digest_realm, place("realm") + 7},
      {changed("smtp/mx.example", "imap/mx.example"), errc::digest_service, place("smtp/")},
      {changed("smtp/mx.example", "smtp/evil.example"), errc::digest_service, place("smtp/")},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    digest_md5_server server(offered);
    output_buffer<512> out;
    REQUIRE(server.challenge(out));
    out.clear();
    CHECK(judged(server.take(r.text)) == judged(r.why, r.at));
    CHECK_FALSE(server.done());
    CHECK(judged(server.verify("p")) == judged(errc::sasl_out_of_order, 0));
    CHECK(judged(server.take(right)) == judged(errc::sasl_out_of_order, 0));
    CHECK(judged(server.challenge(out)) == judged(errc::sasl_out_of_order, 0));
    CHECK(out.empty());
  }
}

TEST_CASE("a server lets nobody in but by the right proof of the values that were sent") {
  const std::string right = head + proof();
  const auto tried = [](std::string_view response, secret password) {
    digest_md5_server server(offered);
    output_buffer<512> out;
    REQUIRE(server.challenge(out));
    REQUIRE(judged(server.take(response)) == "taken");
    const auto verified = server.verify(password);
    out.clear();
    CHECK(server.challenge(out).has_value() == verified.has_value());
    CHECK_FALSE(server.done());
    return judged(verified);
  };
  const std::string wrong = judged(errc::sasl_proof, right.find("response=") + 9);
  CHECK(tried(right, "p") == "taken");
  CHECK(tried(right, "q") == wrong);
  CHECK(tried(right, "") == wrong);
  CHECK(tried(replaced(right, "username=\"u\"", "username=\"U\""), "p") == wrong);
  CHECK(tried(replaced(right, "cnonce=\"C\"", "cnonce=\"c\""), "p") == wrong);
  CHECK(tried(replaced(right, "mx.example", "MX.example"), "p") == wrong);  // the same host, but its case is hashed
  CHECK(tried(right + ",authzid=\"root\"", "p") == wrong);
  CHECK(tried(right + ",qop=AUTH", "p") == wrong);
  CHECK(tried(replaced(right, "response=", "response=\"") + "\"", "p") == "taken");
  CHECK(tried(right + ",unknown=1,unknown=\"2\"", "p") == "taken");

  digest_md5_server server(offered);
  output_buffer<512> out;
  REQUIRE(server.challenge(out));
  REQUIRE(server.take(right));
  CHECK(judged(server.verify_hash(secret("short"))) == judged(errc::sasl_message_malformed, 0));
  CHECK(judged(server.resume({})) == judged(errc::sasl_out_of_order, 0));
  CHECK(judged(server.verify("p")) == "taken");
  CHECK(judged(server.verify("p")) == judged(errc::sasl_out_of_order, 0));
  CHECK(judged(server.take("")) == judged(errc::sasl_out_of_order, 0));  // its own proof comes first
  CHECK(server.challenge(out));
  CHECK(judged(server.take("x")) == judged(errc::sasl_message_malformed, 0));
  CHECK_FALSE(server.done());
}
