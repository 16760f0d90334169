// The lists of DIGEST-MD5: tokens and quotes, white space, and what stands in a list (RFC 2831 2.1, 7).

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "grammar/judged.hpp"
#include "sansmtp/sasl/digest_md5_server.hpp"

using namespace sansmtp;
using support::judged;
using support::refused_row;
using namespace std::string_view_literals;

TEST_CASE("a value in quotes and the same value as a token mean the same") {
  const digest_values values{"N", "C", "smtp/mx.example", ""};
  const auto user = digest_user_hash("u", "r", "p", false);
  const auto session = digest_session_hash(octets_of(user), values);
  const std::string proof(octets_of(digest_response_value(octets_of(session), values, false)));
  for (const std::string_view list : {"username=\"u\",realm=\"r\",nonce=\"N\",nc=\"00000001\",cnonce=\"C\","sv,
                                      "username=u,realm=r,nonce=N,nc=00000001,cnonce=C,"sv}) {
    CAPTURE(list);
    digest_md5_server server({"N", "r", "smtp", "mx.example"});
    output_buffer<512> out;
    REQUIRE(server.challenge(out));
    const auto who = server.take(std::string(list) + "digest-uri=\"smtp/mx.example\",response=" + proof);
    REQUIRE(judged(who) == "taken");
    CHECK(who->authcid == "u");
    CHECK(who->realm == "r");
    CHECK(judged(server.verify("p")) == "taken");
  }
}

TEST_CASE("a backslash is one of a quoted-pair in quotes alone (RFC 2831 7.2)") {
  const auto written = [](const digest_text& text) {
    output_buffer<16> out;
    writer::draft draft(out);
    text.put(draft);
    return std::string(draft.text());
  };
  const digest_text quoted("a\\\"b\\\\", true), token("a\\b", false);
  CHECK(quoted.quoted());
  CHECK(written(quoted) == "a\"b\\");
  CHECK(quoted.equals("a\"b\\"));
  CHECK_FALSE(quoted.equals("a\\\"b\\\\"));
  CHECK_FALSE(quoted.equals("a\"b"));
  CHECK_FALSE(quoted.equals("a\"b\\\\"));
  CHECK_FALSE(token.quoted());
  CHECK(written(token) == "a\\b");
  CHECK(token.equals("a\\b"));
  CHECK_FALSE(token.equals("ab"));
}

TEST_CASE("a tab may stand in quotes, and white space with or without a fold between words (LWS)") {
  const auto challenge = digest_challenge::parse(
      " \t,realm = \"a\tb\"\r\n , nonce\r\n\t=\r\n N\t,algorithm=md5-sess , qop=\" auth ,\tauth-int,, \"\r\n ");
  REQUIRE(challenge);
  CHECK(challenge->realms == 1);
  CHECK(challenge->realm(0).equals("a\tb"));
  CHECK(challenge->realm(1).text().empty());  // there is no other
  CHECK(challenge->nonce.equals("N"));
  CHECK(challenge->qop == (digest_qop::auth | digest_qop::auth_int));
}

TEST_CASE("a line's end is white space when the next begins with some, and never at the end (LWS)") {
  const refused_row rows[] = {
      {"nonce=N,algorithm=md5-sess\r\n", errc::sasl_message_malformed, 26},
      {"nonce=N,algorithm=md5-sess\r\n,", errc::sasl_message_malformed, 26},
      {"nonce=N,algorithm=md5-sess\r ", errc::sasl_message_malformed, 26},
      {"nonce=N,algorithm=md5-sess\n ", errc::sasl_message_malformed, 26},
      {"nonce=N\r\n", errc::sasl_message_malformed, 7},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(digest_challenge::parse(r.text)) == judged(r.why, r.at));
  }
}

TEST_CASE("every cipher of RFC 2831 2.1.1 is known by its name in any case, and others are passed over") {
  const auto offered = [](std::string_view list) {
    const auto challenge = digest_challenge::parse("nonce=N,algorithm=md5-sess,cipher=\"" + std::string(list) + "\"");
    REQUIRE(challenge);
    return challenge->ciphers;
  };
  struct row {
    std::string_view name;
    digest_cipher cipher;
  };
  const row rows[] = {{"3des", digest_cipher::triple_des},
                      {"des", digest_cipher::des},
                      {"rc4-40", digest_cipher::rc4_40},
                      {"rc4", digest_cipher::rc4},
                      {"rc4-56", digest_cipher::rc4_56}};
  std::string all = "x";
  for (const row& r : rows) {
    CAPTURE(r.name);
    CHECK(offered(r.name) == r.cipher);
    for (const row& other : rows) CHECK(has(offered(r.name), other.cipher) == (r.cipher == other.cipher));
    all += "," + std::string(r.name);
  }
  CHECK(offered("RC4-40 , aes") == digest_cipher::rc4_40);
  const digest_cipher known = offered(all);
  for (const row& r : rows) CHECK(has(known, r.cipher));
  CHECK_FALSE(has(offered("des,rc4"), digest_cipher::triple_des));
  CHECK(judged(digest_challenge::parse("nonce=N,algorithm=md5-sess,cipher=\"des;rc4\"")) ==
        judged(errc::digest_value, 38));
  CHECK(judged(digest_challenge::parse("nonce=N,algorithm=md5-sess,cipher=\",\"")) == judged(errc::digest_value, 35));
}

TEST_CASE("a digest-uri is service, host and perhaps name, and nothing behind it (RFC 2831 2.1.2)") {
  const auto whole = digest_uri::parse("smtp/mx.example/example");
  REQUIRE(whole);
  CHECK(whole->service == "smtp");
  CHECK(whole->host == "mx.example");
  CHECK(whole->name == "example");
  CHECK(digest_uri::parse("smtp/mx.example")->name.empty());
  const refused_row rows[] = {
      {"smtp/h/n/", errc::digest_value, 8}, {"smtp/h/n x", errc::digest_value, 8}, {"smtp/h/", errc::digest_value, 7},
      {"smtp/h/_", errc::digest_value, 7},  {"smtp/h n", errc::digest_value, 6},   {"smtp//n", errc::digest_value, 5},
      {"smtp2/h", errc::digest_value, 4},   {"/h", errc::digest_value, 0},         {"", errc::digest_value, 0},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(digest_uri::parse(r.text)) == judged(r.why, r.at));
  }
}

TEST_CASE("with a layer the method is hashed with 32 zeros behind it (RFC 2831 2.1.2.1)") {
  digest_values values{"N", "C", "smtp/mx.example", ""};
  const std::string zeros(32, '0');
  CHECK(digest_method_hash(values, false) == hash_of<md5>("AUTHENTICATE:smtp/mx.example"));
  CHECK(digest_method_hash(values, true) == hash_of<md5>(":smtp/mx.example"));
  for (const std::string_view qop : {"auth-int"sv, "AUTH-CONF"sv}) {
    values.qop = qop;
    CHECK(digest_method_hash(values, false) == hash_of<md5>("AUTHENTICATE:smtp/mx.example:" + zeros));
    CHECK(digest_method_hash(values, true) == hash_of<md5>(":smtp/mx.example:" + zeros));
  }
}
