#include "sansmtp/sasl/digest_md5.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "grammar/judged.hpp"
#include "sansmtp/sasl/digest_md5_client.hpp"
#include "sansmtp/sasl/digest_md5_server.hpp"
#include "sasl/decoded.hpp"
#include "sasl/hex.hpp"

using namespace sansmtp;
using support::is_hex;
using support::judged;

namespace {

constexpr auto user_hash = digest_user_hash("chris", "elwood.innosoft.com", "secret", true);
static_assert(is_hex(user_hash, "eb5a750053e4d2c34aa84bbc9b0b6ee7"));

// RFC 2831 4: the values on the way are no RFC's; another implementation has them so.
constexpr digest_values imap{"OA6MG9tEQGm2hh", "OA6MHXh6VqTrRk", "imap/elwood.innosoft.com", ""};
constexpr auto imap_session = digest_session_hash(octets_of(user_hash), imap);
static_assert(is_hex(imap_session, "a2549853149b0536f01f0b850c643c57"));
static_assert(is_hex(digest_method_hash(imap, false), "15e3594677e51ade69715d1cb7d207ba"));
static_assert(is_hex(digest_method_hash(imap, true), "0d83dab1214f2fd7b0745ac431d63a5a"));
static_assert(octets_of(digest_response_value(octets_of(imap_session), imap, false)) ==
              "d388dad90d4bbd760a152321f2143af7");
static_assert(octets_of(digest_response_value(octets_of(imap_session), imap, true)) ==
              "ea40f60335c427b5527b84dbabcdfffd");

constexpr digest_values acap{"OA9BSXrbuRhWay", "OA9BSuZWMSpW8m", "acap/elwood.innosoft.com", ""};
constexpr auto acap_session = digest_session_hash(octets_of(user_hash), acap);
static_assert(is_hex(acap_session, "b62e36ab7dd57c82c296186c0f062f9e"));
static_assert(is_hex(digest_method_hash(acap, false), "c557ec746787450143826ac2c55cbabf"));
static_assert(is_hex(digest_method_hash(acap, true), "c194261e70d24758fbe4070a1ce18d95"));
static_assert(octets_of(digest_response_value(octets_of(acap_session), acap, false)) ==
              "6084c6db3fede7352c551284490fd0fc");
static_assert(octets_of(digest_response_value(octets_of(acap_session), acap, true)) ==
              "2f0b3d7c3c2e486600ef710726aa2eae");

// The same with integrity protection, where A2 has 32 zeros (RFC 2831 2.1.2.1), and with an authzid in A1.
constexpr digest_values with_integrity{acap.nonce, acap.cnonce, acap.uri, "", 1, "auth-int"};
static_assert(is_hex(digest_method_hash(with_integrity, false), "f25a13418993c614ce97cc0a2ab4e0c6"));
static_assert(octets_of(digest_response_value(octets_of(acap_session), with_integrity, false)) ==
              "671bc13271f7e68dd8982da6e3299b9a");
static_assert(octets_of(digest_response_value(octets_of(acap_session), with_integrity, true)) ==
              "fb11a3340dd979789c51b97cce9391a9");
constexpr digest_values as_boss{acap.nonce, acap.cnonce, acap.uri, "boss", 1, "auth", true};
constexpr auto boss_session = digest_session_hash(octets_of(user_hash), as_boss);
static_assert(is_hex(boss_session, "ba4c502856c4945b5326eb6789f0204b"));
static_assert(octets_of(digest_response_value(octets_of(boss_session), as_boss, false)) ==
              "c8013cd10a6e3e787a91fbaf970913c4");

constexpr std::string_view acap_challenge =
    "realm=\"elwood.innosoft.com\",nonce=\"OA9BSXrbuRhWay\",qop=\"auth\",algorithm=md5-sess,charset=utf-8";
constexpr std::string_view acap_response =
    "charset=utf-8,username=\"chris\",realm=\"elwood.innosoft.com\",nonce=\"OA9BSXrbuRhWay\",nc=00000001,"
    "cnonce=\"OA9BSuZWMSpW8m\",digest-uri=\"acap/elwood.innosoft.com\",response=6084c6db3fede7352c551284490fd0fc,"
    "qop=auth";
constexpr std::string_view acap_verdict = "rspauth=2f0b3d7c3c2e486600ef710726aa2eae";

constexpr bool acap_exchange(secret client_password, secret server_password) {
  digest_md5_client client({"chris", client_password, "OA9BSuZWMSpW8m", "elwood.innosoft.com", "acap"});
  digest_md5_server server({"OA9BSXrbuRhWay", "elwood.innosoft.com", "acap", "elwood.innosoft.com"});
  output_buffer<512> said, answered;
  const auto challenge = server.challenge(answered);
  if (!challenge || *challenge != acap_challenge) return false;
  const auto response = client.respond(*challenge, said);
  if (!response || *response != acap_response || client.done()) return false;
  const auto who = server.take(*response);
  if (!who || who->authcid != "chris" || who->realm != "elwood.innosoft.com" || !who->authzid.empty()) return false;
  if (who->uri != "acap/elwood.innosoft.com" || !who->utf8 || server.done()) return false;
  if (!server.verify(server_password)) return false;
  answered.clear();
  const auto verdict = server.challenge(answered);
  if (!verdict || *verdict != acap_verdict) return false;
  const auto last = client.respond(*verdict, said);
  return last && last->empty() && client.done() && server.take(*last) && server.done();
}
static_assert(acap_exchange("secret", "secret"));  // the ACAP example of RFC 2831 4, whole
static_assert(!acap_exchange("secret", "Secret"));

}  // namespace

TEST_CASE("the IMAP example of RFC 2831 4, from its base64") {
  const decoded challenge(
      "cmVhbG09ImVsd29vZC5pbm5vc29mdC5jb20iLG5vbmNlPSJPQTZNRzl0"
      "RVFHbTJoaCIscW9wPSJhdXRoIixhbGdvcml0aG09bWQ1LXNlc3MsY2hh"
      "cnNldD11dGYtOA==");
  const decoded response(
      "Y2hhcnNldD11dGYtOCx1c2VybmFtZT0iY2hyaXMiLHJlYWxtPSJlbHdvb2"
      "QuaW5ub3NvZnQuY29tIixub25jZT0iT0E2TUc5dEVRR20yaGgiLG5jPTAw"
      "MDAwMDAxLGNub25jZT0iT0E2TUhYaDZWcVRyUmsiLGRpZ2VzdC11cmk9Im"
      "ltYXAvZWx3b29kLmlubm9zb2Z0LmNvbSIscmVzcG9uc2U9ZDM4OGRhZDkw"
      "ZDRiYmQ3NjBhMTUyMzIxZjIxNDNhZjcscW9wPWF1dGg=");
  const decoded verdict("cnNwYXV0aD1lYTQwZjYwMzM1YzQyN2I1NTI3Yjg0ZGJhYmNkZmZmZA==");
  digest_md5_client client({"chris", "secret", "OA6MHXh6VqTrRk", "elwood.innosoft.com", "imap"});
  output_buffer<512> out;
  CHECK(*client.respond(challenge.view(), out) == response.view());
  CHECK(*client.respond(verdict.view(), out) == "");
  CHECK(client.done());

  digest_md5_server server({"OA6MG9tEQGm2hh", "elwood.innosoft.com", "imap"});
  output_buffer<512> answers;
  CHECK(*server.challenge(answers) == challenge.view());
  REQUIRE(server.take(response.view()));
  CHECK(judged(server.verify_hash(octets_of(user_hash))) == "taken");
  answers.clear();
  CHECK(*server.challenge(answers) == verdict.view());
}

TEST_CASE("exchanges that other people's clients and servers had") {
  // With Postfix and Cyrus SASL; the password is s3cret. curl's quotes around nc are no part of RFC 2831.
  struct row {
    std::string_view nonce, response, verdict;
  };
  const row rows[] = {
      {"SDsRx7kxLWUIg5Oh2DfD",  // curl
       "username=\"tester\",realm=\"test.example\",nonce=\"SDsRx7kxLWUIg5Oh2DfD\","
       "cnonce=\"43a3e369291f68b38c0673f84bbe28bf\",nc=\"00000001\",digest-uri=\"smtp/test.example\","
       "response=0c21b1a4ca970755b7aa8eadec131cd7,qop=auth",
       "rspauth=5af27e383a18edfb19b087116e20a34c"},
      {"MM0h0glwR6t9zwhkjBWz4LFETd8DNL2eUy3eQLrvAY8=",
       "charset=utf-8,username=\"tester\",realm=\"test.example\","
       "nonce=\"MM0h0glwR6t9zwhkjBWz4LFETd8DNL2eUy3eQLrvAY8=\",nc=00000001,cnonce=\"6to15HT5QcYUEzmL\","
       "digest-uri=\"smtp/mx.test.example\",response=4434bf32352383107688c384c6d717aa,qop=auth",
       "rspauth=4282ae772e2c4cf38432a8b21440fc7a"},
      {"Dc0+ZxZ/33UThnTOY6lm",  // swaks
       "charset=utf-8,cnonce=\"b517a72b6d542d2036691096f58d0431\",digest-uri=\"smtp/127.0.0.1\",nc=00000001,"
       "nonce=\"Dc0+ZxZ/33UThnTOY6lm\",qop=auth,realm=\"test.example\",response=3c46aa3bf678f5db369f38113b0dbdbc,"
       "username=\"tester\"",
       "rspauth=87fb361526f95308b2bdb389a78df931"}};
  for (const row& r : rows) {
    CAPTURE(r.nonce);
    digest_md5_server server({r.nonce, "test.example"});
    output_buffer<512> out;
    REQUIRE(server.challenge(out));
    CHECK(judged(server.take(r.response)) == "taken");
    CHECK(server.identity().authcid == "tester");
    CHECK(judged(server.verify("s3cret")) == "taken");
    out.clear();
    CHECK(*server.challenge(out) == r.verdict);
  }
  // Cyrus SASL writes the nonce first.
  digest_md5_client client({"tester", "s3cret", "6to15HT5QcYUEzmL", "mx.test.example"});
  output_buffer<512> out;
  CHECK(*client.respond("nonce=\"MM0h0glwR6t9zwhkjBWz4LFETd8DNL2eUy3eQLrvAY8=\",realm=\"test.example\",qop=\"auth\","
                        "charset=utf-8,algorithm=md5-sess",
                        out) == rows[1].response);
  CHECK(*client.respond(rows[1].verdict, out) == "");
  CHECK(client.done());
}

TEST_CASE("an earlier exchange is taken up again with the next count") {
  const digest_md5_client_options options{"chris", "secret", "OA9BSuZWMSpW8m", "elwood.innosoft.com", "acap"};
  output_buffer<2048> out;
  digest_md5_client first(options);
  REQUIRE(first.respond(acap_challenge, out));
  REQUIRE(first.respond(acap_verdict, out));
  digest_md5_client_options fresh = options;
  fresh.cnonce = "fresh";
  digest_md5_client again(fresh, first.reuse());
  out.clear();
  const auto response = again.respond("", out);
  REQUIRE(response);
  // RFC 2831 2.2.1: the same values, the count one greater. As another implementation computes it.
  CHECK(*response ==
        "charset=utf-8,username=\"chris\",realm=\"elwood.innosoft.com\",nonce=\"OA9BSXrbuRhWay\",nc=00000002,"
        "cnonce=\"OA9BSuZWMSpW8m\",digest-uri=\"acap/elwood.innosoft.com\","
        "response=28cd1c41e917af3f6f98af5509bea5c6,qop=auth");
  const digest_reuse saved{"chris", "elwood.innosoft.com", "OA9BSXrbuRhWay", "OA9BSuZWMSpW8m", 1, true};
  const digest_md5_server_options server_options{"another", "elwood.innosoft.com", "acap"};
  output_buffer<512> answers;

  SUBCASE("and succeeds") {
    digest_md5_server server(server_options);
    REQUIRE(judged(server.take(*response)) == "taken");
    CHECK(judged(server.verify("secret")) == judged(errc::sasl_out_of_order, 0));  // not before resume()
    REQUIRE(judged(server.resume(saved)) == "taken");
    REQUIRE(judged(server.verify("secret")) == "taken");
    CHECK(*server.challenge(answers) == "rspauth=23fdbdd1978aee9bb228dc5bfe31190a");
    CHECK(*again.respond("rspauth=23fdbdd1978aee9bb228dc5bfe31190a", out) == "");
    CHECK(again.done());
    CHECK(again.reuse().count == 2);
    CHECK(server.take(""));
    CHECK(server.reuse().count == 2);
  }
  SUBCASE("and a replay, a leap, another nonce, cnonce, user or realm does not; the challenge begins anew") {
    const auto tried = [&](digest_reuse kept) {
      digest_md5_server server(server_options);
      REQUIRE(server.take(*response));
      const auto resumed = server.resume(kept);
      CHECK(judged(server.verify("secret")) == judged(errc::sasl_out_of_order, 0));
      answers.clear();
      CHECK(server.challenge(answers).has_value());
      CHECK(answers.written().find("nonce=\"another\"") != std::string_view::npos);
      return judged(resumed);
    };
    digest_reuse kept = saved;
    kept.count = 2;
    CHECK(tried(kept) == judged(errc::digest_count, 0));
    kept.count = 0;
    CHECK(tried(kept) == judged(errc::digest_count, 0));
    kept = saved;
    kept.nonce = "OA9BSXrbuRhWaY";
    CHECK(tried(kept) == judged(errc::sasl_nonce, 0));
    kept = saved;
    kept.cnonce = "other";
    CHECK(tried(kept) == judged(errc::sasl_nonce, 0));
    kept = saved;
    kept.username = "root";
    CHECK(tried(kept) == judged(errc::sasl_nonce, 0));
    kept = saved;
    kept.realm = "other";
    CHECK(tried(kept) == judged(errc::sasl_nonce, 0));
  }
  SUBCASE("and a server that has forgotten it challenges instead") {
    digest_md5_server server({"another", "elwood.innosoft.com", "acap", {}, true, true});
    REQUIRE(server.take(*response));
    const auto challenge = server.challenge(answers);
    REQUIRE(challenge);
    CHECK(digest_challenge::parse(*challenge)->stale);
    const auto anew = again.respond(*challenge, out);
    REQUIRE(anew);
    CHECK(anew->find("nonce=\"another\",nc=00000001,cnonce=\"fresh\"") != std::string_view::npos);
    CHECK(judged(server.take(*anew)) == "taken");
    CHECK(judged(server.verify("secret")) == "taken");
    answers.clear();
    CHECK(again.respond(*server.challenge(answers), out));
    CHECK(again.done());
    CHECK(again.reuse().nonce == "another");
  }
  SUBCASE("and a wrong password leaves the way open to a challenge") {
    digest_md5_server server(server_options);
    REQUIRE(server.take(*response));
    REQUIRE(server.resume(saved));
    CHECK(judged(server.verify("wrong")).substr(0, 28) == judged(errc::sasl_proof, 0).substr(0, 28));
    CHECK(judged(server.take("")) != "taken");
    CHECK(server.challenge(answers).has_value());
  }
}

TEST_CASE("names beyond ASCII travel in the server's character set and are hashed in ISO 8859-1") {
  // RFC 2831 2.1.2.1: H(user:realm:password) of m\xFCller, r, gr\xFC\xDFe, in either charset.
  constexpr auto utf8 = digest_user_hash("m\xC3\xBCller", "r",
                                         "gr\xC3\xBC\xC3\x9F"
                                         "e",
                                         true);
  constexpr auto latin1 = digest_user_hash("m\xFCller", "r",
                                           "gr\xC3\xBC\xC3\x9F"
                                           "e",
                                           false);
  static_assert(is_hex(utf8, "ab3bf1418b022951fced894ac255cbc6"));
  static_assert(utf8 == latin1);
  // A character of no ISO 8859-1 leaves the whole text as it is.
  static_assert(!is_latin1("\xC4\x80") && !is_latin1("\xE2\x82\xAC") && is_latin1("\xC3\xBF\xC2\x80") &&
                is_latin1("a"));

  const digest_md5_client_options options{"m\xC3\xBCller",
                                          "gr\xC3\xBC\xC3\x9F"
                                          "e",
                                          "C", "mx.example"};
  output_buffer<512> out, answers;
  digest_md5_client modern(options);
  CHECK(*modern.respond("realm=\"r\",nonce=\"N\",algorithm=md5-sess,charset=utf-8", out) ==
        "charset=utf-8,username=\"m\xC3\xBCller\",realm=\"r\",nonce=\"N\",nc=00000001,cnonce=\"C\","
        "digest-uri=\"smtp/mx.example\",response=b03f347131ee6ccfd265d92667a4f2af,qop=auth");
  digest_md5_client old(options);
  out.clear();
  const auto response = old.respond("realm=\"r\",nonce=\"N\",algorithm=md5-sess", out);
  CHECK(*response ==
        "username=\"m\xFCller\",realm=\"r\",nonce=\"N\",nc=00000001,cnonce=\"C\","
        "digest-uri=\"smtp/mx.example\",response=b03f347131ee6ccfd265d92667a4f2af,qop=auth");
  digest_md5_server server({"N", "r"});
  REQUIRE(server.challenge(answers));
  REQUIRE(judged(server.take(*response)) == "taken");
  CHECK_FALSE(server.identity().utf8);
  CHECK(judged(server.verify("gr\xC3\xBC\xC3\x9F"
                             "e")) == "taken");

  digest_md5_client wide({"\xE2\x82\xAC", "pw", "C", "mx.example"});
  CHECK(judged(wide.respond("nonce=\"N\",algorithm=md5-sess", out)) == judged(errc::digest_charset, 0));
  CHECK(judged(wide.respond("nonce=\"N\",algorithm=md5-sess,charset=utf-8", out)) == "taken");
}

TEST_CASE("quotes and backslashes come back as they were, and are hashed without their backslashes") {
  digest_md5_client client({"a\"b\\c", "pw", "c\"n", "mx.example", "smtp", "example.com", {}, "b\\oss"});
  digest_md5_server server({"n\\once", "re\"alm"});
  output_buffer<1024> out, answers;
  const auto challenge = server.challenge(answers);
  CHECK(*challenge == "realm=\"re\\\"alm\",nonce=\"n\\\\once\",qop=\"auth\",algorithm=md5-sess,charset=utf-8");
  const auto response = client.respond(*challenge, out);
  REQUIRE(response);
  CHECK(response->find("username=\"a\\\"b\\\\c\",realm=\"re\\\"alm\",nonce=\"n\\\\once\"") != std::string_view::npos);
  CHECK(response->find("digest-uri=\"smtp/mx.example/example.com\"") != std::string_view::npos);
  const auto who = server.take(*response);
  REQUIRE(judged(who) == "taken");
  CHECK(who->authcid == "a\"b\\c");
  CHECK(who->authzid == "b\\oss");
  CHECK(judged(server.verify("pw")) == "taken");
  answers.clear();
  CHECK(client.respond(*server.challenge(answers), out));
  CHECK(client.done());
}

TEST_CASE("a client chooses the realm that was asked for, or the first") {
  const std::string_view challenge = "realm=\"a\",nonce=\"N\",REALM=\"b\",algorithm=md5-sess";
  const auto chosen = [&](std::string_view realm, std::string_view from) {
    digest_md5_client client({"u", "p", "C", "h", "smtp", {}, realm});
    output_buffer<512> out;
    const auto response = client.respond(from, out);
    if (!response) return judged(response);
    const auto parsed = digest_response::parse(*response);
    return parsed->has_realm ? std::string(parsed->realm.value.text()) : "none";
  };
  CHECK(chosen("", challenge) == "a");
  CHECK(chosen("b", challenge) == "b");
  CHECK(chosen("B", challenge) == judged(errc::digest_realm, 0));
  CHECK(chosen("", "nonce=\"N\",algorithm=md5-sess") == "none");
  CHECK(chosen("", "realm=\"\",nonce=\"N\",algorithm=md5-sess") == "");  // required if any was provided (2.1.2)
  CHECK(chosen("mine", "nonce=\"N\",algorithm=md5-sess") == "mine");
}

TEST_CASE("a challenge is read as RFC 2831 2.1.1 has it") {
  const auto c = digest_challenge::parse(
      " , Nonce = \"N\" ,\r\n\t,qop=\"auth-int, auth,,new\" , stale=TRUE,maxbuf=1024,cipher=\"rc4,3des, des,aes\","
      "opaque=\"x\",domain=y,opaque=z,algorithm=MD5-sess,charset=UTF-8 ,");
  REQUIRE(judged(c) == "taken");
  CHECK(c->nonce.text() == "N");
  CHECK(c->qop == (digest_qop::auth | digest_qop::auth_int));
  CHECK(c->ciphers == (digest_cipher::rc4 | digest_cipher::triple_des | digest_cipher::des));
  CHECK(c->stale);
  CHECK(c->utf8);
  CHECK(c->maxbuf == 1024);
  CHECK(c->realms == 0);
  const auto plain = digest_challenge::parse("nonce=\"N\",algorithm=md5-sess");
  CHECK(plain->qop == digest_qop::auth);
  CHECK(plain->maxbuf == 65536);
  CHECK_FALSE(plain->stale);
}

TEST_CASE("a directive that is not the message's may stand in it as often as it likes (RFC 2831 2.1.1, auth-param)") {
  const std::string challenge = "nonce=\"N\",algorithm=md5-sess";
  CHECK(judged(digest_challenge::parse(challenge + ",username=a,username=b,rspauth=c,rspauth=d")) == "taken");
  CHECK(judged(digest_response::parse(std::string(acap_response) + ",stale=a,stale=b,algorithm=c,algorithm=d")) ==
        "taken");
  const auto proof = parse_response_auth("nc=1,nc=2," + std::string(acap_verdict));
  REQUIRE(judged(proof) == "taken");
  CHECK(proof->value_at == 18);
}

TEST_CASE("a buffer may be of any size, and one over 32 bits is read as the largest (RFC 2831 2.1.1, 1*DIGIT)") {
  for (const std::string_view size : {"4294967295", "4294967296", "8589934592", "99999999999999999999999999"}) {
    CAPTURE(size);
    const std::string maxbuf = ",maxbuf=" + std::string(size);
    const auto challenge = digest_challenge::parse("nonce=\"N\",algorithm=md5-sess" + maxbuf);
    REQUIRE(judged(challenge) == "taken");
    CHECK(challenge->maxbuf == 0xFFFFFFFF);
    const auto response = digest_response::parse(std::string(acap_response) + maxbuf);
    REQUIRE(judged(response) == "taken");
    CHECK(response->maxbuf == 0xFFFFFFFF);
  }
}

TEST_CASE("what does not fit is not written, and can be tried again") {
  digest_md5_client client({"chris", "secret", "OA9BSuZWMSpW8m", "elwood.innosoft.com", "acap"});
  for (std::size_t room = 0; room < acap_response.size(); ++room) {
    std::string space(room, '-');
    writer out{std::span<char>(space)};
    CHECK(judged(client.respond(acap_challenge, out)) == judged(errc::output_full, 0));
    CHECK(out.empty());
  }
  std::string space(acap_response.size(), '-');
  writer out{std::span<char>(space)};
  CHECK(*client.respond(acap_challenge, out) == acap_response);
  digest_md5_server server({"N"});
  std::string little(10, '-');
  writer small{std::span<char>(little)};
  CHECK(judged(server.challenge(small)) == judged(errc::output_full, 0));
  output_buffer<100> enough;
  CHECK(*server.challenge(enough) == "nonce=\"N\",qop=\"auth\",algorithm=md5-sess,charset=utf-8");
}
