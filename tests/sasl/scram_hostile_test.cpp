#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "grammar/judged.hpp"
#include "sansmtp/sasl/scram_client.hpp"
#include "sansmtp/sasl/scram_server.hpp"

using namespace sansmtp;
using support::judged;
using support::refused_row;
using namespace std::string_view_literals;

namespace {

constexpr channel_binding exporter{channel_binding::tls_exporter, "0123456789abcdef"};

// A client that has sent n,,n=user,r=abc
scram_sha_1_client begun(iteration_bounds bounds = {}) {
  scram_sha_1_client client({"user", "pencil", "abc", {}, {}, bounds});
  output_buffer<100> out;
  REQUIRE(client.respond("", out));
  return client;
}

// A server that has sent r=abcdef,s=c2FsdA==,i=1
template <class Server = scram_sha_1_server>
Server challenging(const scram_server_options& options, std::string_view first = "n,,n=user,r=abc",
                   std::string_view password = "pencil") {
  Server server(options);
  REQUIRE(judged(server.take(first)) == "taken");
  scram_keys<sha1> keys;
  REQUIRE(keys.derive(password, "salt", 1, options.iterations));
  output_buffer<100> out;
  REQUIRE(judged(server.challenge(keys.credentials("salt", 1), "def", out)) == "taken");
  return server;
}
const scram_server_options lax{false, {}, {1, 10}};

}  // namespace

TEST_CASE("a client refuses a spoilt server-first at the octet, and the exchange is over") {
  const std::string long_nonce = "r=abc" + std::string(260, 'x') + ",s=c2FsdA==,i=4096";
  const std::string long_salt = "r=abcdef,s=" + std::string(344, 'A') + ",i=4096";
  const refused_row rows[] = {
      // missing
      {"", errc::sasl_field_missing, 0},
      {"s=c2FsdA==,i=4096", errc::sasl_field_missing, 0},
      {"r=abcdef,i=4096", errc::sasl_field_missing, 9},
      {"r=abcdef,s=c2FsdA==", errc::sasl_field_missing, 19},
      {"r=abcdef", errc::sasl_field_missing, 8},
      {"r=abcdef,s=c2FsdA==,", errc::sasl_field_missing, 20},
      // doubled
      {"r=abcdef,r=abcdef,s=c2FsdA==,i=4096", errc::sasl_field_repeated, 9},
      {"r=abcdef,s=c2FsdA==,s=c2FsdA==,i=4096", errc::sasl_field_repeated, 20},
      {"r=abcdef,s=c2FsdA==,i=4096,i=1", errc::sasl_field_repeated, 27},
      {"r=abcdef,s=c2FsdA==,i=4096,x=1,r=abcdef", errc::sasl_field_repeated, 31},
      // empty
      {"r=,s=c2FsdA==,i=4096", errc::sasl_field_empty, 2},
      {"r=abcdef,s=,i=4096", errc::sasl_field_empty, 11},
      {"r=abcdef,s=c2FsdA==,i=", errc::sasl_field_empty, 22},
      {"r=abcdef,s=c2FsdA==,i=4096,", errc::sasl_message_malformed, 27},
      {"r=abcdef,s=c2FsdA==,i=4096,,x=1", errc::sasl_message_malformed, 27},
      {"r=abcdef,s=c2FsdA==,i=4096,x=", errc::sasl_field_empty, 29},
      // over-long
      {long_nonce, errc::sasl_field_too_long, 257},
      {long_salt, errc::sasl_field_too_long, 11},
      // with NUL, not UTF-8, not printable
      {"r=abc\0ef,s=c2FsdA==,i=4096"sv, errc::sasl_octet, 5},
      {"r=abcdef,s=c2F\0dA==,i=4096"sv, errc::sasl_octet, 14},
      {"r=abcdef,s=c2FsdA==,i=40\0006"sv, errc::sasl_octet, 24},
      {"r=abcdef,s=c2FsdA==,i=4096,x=\0"sv, errc::sasl_octet, 29},
      {"r=abc\x80"
       "ef,s=c2FsdA==,i=4096",
       errc::sasl_octet, 5},
      {"r=abcdef,s=c2FsdA==,i=4096,x=a\xE2\x82", errc::sasl_octet, 30},
      {"r=abc\xC3\xBC,s=c2FsdA==,i=4096", errc::sasl_octet, 5},
      {"r=abc ef,s=c2FsdA==,i=4096", errc::sasl_octet, 5},
      // bad base64
      {"r=abcdef,s=c2Fsd,i=4096", errc::base64_length, 16},
      {"r=abcdef,s=c2F!dA==,i=4096", errc::base64_octet, 14},
      {"r=abcdef,s=c2FsdB==,i=4096", errc::base64_spare_bits, 16},
      {"r=abcdef,s=c2FsdA=,i=4096", errc::base64_length, 18},
      {"r=abcdef,s=====,i=4096", errc::base64_padding, 11},
      // out of order, and no attributes at all
      {"s=c2FsdA==,r=abcdef,i=4096", errc::sasl_field_missing, 0},
      {"r=abcdef,i=4096,s=c2FsdA==", errc::sasl_field_missing, 9},
      {"x=1,r=abcdef,s=c2FsdA==,i=4096", errc::sasl_field_missing, 0},
      {"r:abcdef,s=c2FsdA==,i=4096", errc::sasl_message_malformed, 1},
      {"R=abcdef,s=c2FsdA==,i=4096", errc::sasl_field_missing, 0},
      {"1=abcdef", errc::sasl_message_malformed, 0},
      {"hello", errc::sasl_message_malformed, 1},
      // mandatory extensions, wherever they stand (RFC 5802 5.1)
      {"m=x,r=abcdef,s=c2FsdA==,i=4096", errc::scram_extension, 0},
      {"r=abcdef,m=x,s=c2FsdA==,i=4096", errc::scram_extension, 9},
      {"r=abcdef,s=c2FsdA==,i=4096,m=x", errc::scram_extension, 27},
      // the nonce must begin with the client's, and go on
      {"r=abc,s=c2FsdA==,i=4096", errc::sasl_nonce, 5},
      {"r=ab,s=c2FsdA==,i=4096", errc::sasl_nonce, 4},
      {"r=aBcdef,s=c2FsdA==,i=4096", errc::sasl_nonce, 3},
      {"r=defabc,s=c2FsdA==,i=4096", errc::sasl_nonce, 2},
      // iterations
      {"r=abcdef,s=c2FsdA==,i=0", errc::iterations_too_few, 22},
      {"r=abcdef,s=c2FsdA==,i=1", errc::iterations_too_few, 22},
      {"r=abcdef,s=c2FsdA==,i=4095", errc::iterations_too_few, 22},
      {"r=abcdef,s=c2FsdA==,i=1000001", errc::iterations_too_many, 22},
      {"r=abcdef,s=c2FsdA==,i=2147483648", errc::iterations_too_many, 22},
      {"r=abcdef,s=c2FsdA==,i=4294971392", errc::iterations_too_many, 22},
      {"r=abcdef,s=c2FsdA==,i=18446744073709555712", errc::iterations_too_many, 22},
      {"r=abcdef,s=c2FsdA==,i=04096", errc::number_malformed, 22},
      {"r=abcdef,s=c2FsdA==,i=-4096", errc::number_malformed, 22},
      {"r=abcdef,s=c2FsdA==,i=4096 ", errc::number_malformed, 26},
      {"r=abcdef,s=c2FsdA==,i=0x1000", errc::number_malformed, 23},
      // an error in place of the challenge
      {"e=unknown-user", errc::scram_server_error, 2},
      // the client's own words
      {"n,,n=user,r=abc", errc::sasl_message_malformed, 1},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    scram_sha_1_client client = begun();
    output_buffer<200> out;
    CHECK(judged(client.respond(r.text, out)) == judged(r.why, r.at));
    CHECK(out.empty());
    CHECK_FALSE(client.done());
    // Nothing goes on from here, also not with what would have been right.
    CHECK(judged(client.respond("r=abcdef,s=c2FsdA==,i=4096", out)) == judged(errc::sasl_out_of_order, 0));
  }
  scram_sha_1_client none = begun({0, 10});
  output_buffer<200> out;
  CHECK(judged(none.respond("r=abcdef,s=c2FsdA==,i=0", out)) == judged(errc::iterations_too_few, 22));
}

TEST_CASE("extensions that are optional are ignored") {
  scram_sha_1_client client = begun({1, 10});
  output_buffer<200> out;
  CHECK(judged(client.respond("r=abcdef,s=c2FsdA==,i=1,x=1,Y=a=b,x=2", out)) == "taken");
  scram_sha_1_server server(lax);
  CHECK(judged(server.take("n,,n=user,r=abc,x=1,t=\xC3\xBC")) == "taken");
}

TEST_CASE("a client is done by the server's right signature alone") {
  constexpr auto right = "v=4neuWIv2anEaI7PjRaXUyfr3Ltw="sv;
  const refused_row rows[] = {
      {"", errc::sasl_field_missing, 0},
      {"v=", errc::sasl_field_empty, 2},
      {"v=5neuWIv2anEaI7PjRaXUyfr3Ltw=", errc::sasl_verifier, 2},
      {"v=4neuWIv2anEaI7PjRaXUyfr3Ltg=", errc::sasl_verifier, 2},
      {"v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=", errc::sasl_verifier, 2},
      {"v=4neuWIv2anEaI7PjRaXUyfr3", errc::sasl_verifier, 2},      // a prefix of it
      {"v=4neuWIv2anEaI7PjRaXUyfr3LtwA", errc::sasl_verifier, 2},  // more than it
      {"v=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::sasl_verifier, 2},  // the client's own proof
      {"v=4neuWIv2anEaI7PjRaXUyfr3Ltw", errc::base64_length, 29},
      {"v=4neuWIv2anEaI7PjRaXUyfr3Ltx=", errc::base64_spare_bits, 28},
      {"v=4neu\0Iv2anEaI7PjRaXUyfr3Ltw="sv, errc::sasl_octet, 6},
      {"v=4neuWIv2anEaI7PjRaXUyfr3Ltw=,v=4neuWIv2anEaI7PjRaXUyfr3Ltw=", errc::sasl_field_repeated, 31},
      {"v=4neuWIv2anEaI7PjRaXUyfr3Ltw=,e=other-error", errc::sasl_field_repeated, 31},
      {"v=4neuWIv2anEaI7PjRaXUyfr3Ltw=,m=x", errc::scram_extension, 31},
      {"v=4neuWIv2anEaI7PjRaXUyfr3Ltw=,", errc::sasl_message_malformed, 31},
      {"m=x,v=4neuWIv2anEaI7PjRaXUyfr3Ltw=", errc::scram_extension, 0},
      {"x=1,v=4neuWIv2anEaI7PjRaXUyfr3Ltw=", errc::sasl_field_missing, 0},
      {"e=", errc::sasl_field_empty, 2},
      {"e=invalid-proof", errc::scram_server_error, 2},
      {"r=abcdef,s=c2FsdA==,i=1", errc::sasl_field_missing, 0},  // the challenge again
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    scram_sha_1_client client = begun({1, 10});
    output_buffer<200> out;
    REQUIRE(judged(client.respond("r=abcdef,s=c2FsdA==,i=1", out)) == "taken");
    CHECK(judged(client.respond(r.text, out)) == judged(r.why, r.at));
    CHECK_FALSE(client.done());
    CHECK(judged(client.respond(right, out)) == judged(errc::sasl_out_of_order, 0));
    CHECK_FALSE(client.done());
  }
}

TEST_CASE("every e= of RFC 5802 7 has its name, and the others are other-error") {
  for (std::size_t i = 1; i < scram_error_names.size(); ++i) {
    scram_sha_1_client client = begun({1, 10});
    output_buffer<200> out;
    CHECK(client.server_error() == scram_error::none);
    CHECK(judged(client.respond("e=" + std::string(scram_error_names[i]), out)) == judged(errc::scram_server_error, 2));
    CHECK(client.server_error() == static_cast<scram_error>(i));
  }
  CHECK(scram_error_named("Invalid-Proof") == scram_error::other_error);
  CHECK(scram_error_named("new-kind") == scram_error::other_error);
}

TEST_CASE("a client says nothing to a challenge before its first message, and nothing once it is done") {
  scram_sha_1_client early({"user", "pencil", "abc"});
  output_buffer<200> out;
  CHECK(judged(early.respond("r=abcdef,s=c2FsdA==,i=4096", out)) == judged(errc::sasl_message_malformed, 0));
  CHECK(judged(early.respond("", out)) == judged(errc::sasl_out_of_order, 0));
  scram_sha_1_client done = begun({1, 10});
  REQUIRE(done.respond("r=abcdef,s=c2FsdA==,i=1", out));
  REQUIRE(done.respond("v=4neuWIv2anEaI7PjRaXUyfr3Ltw=", out));
  CHECK(judged(done.respond("", out)) == judged(errc::sasl_out_of_order, 0));
  CHECK(done.done());
}

TEST_CASE("what the caller gives is checked before it is sent") {
  output_buffer<4096> out;
  const auto judged_of = [&](const scram_client_options& options) {
    scram_sha_1_client client(options);
    return judged(client.respond("", out));
  };
  const std::string long_name(256, 'u'), long_nonce(256, 'n');
  CHECK(judged_of({"", "pencil", "abc"}) == judged(errc::sasl_field_empty, 0));
  CHECK(judged_of({long_name, "pencil", "abc"}) == judged(errc::sasl_field_too_long, 255));
  CHECK(judged_of({"us\0er"sv, "pencil", "abc"}) == judged(errc::sasl_prep_prohibited, 2));
  CHECK(judged_of({"user", "pencil", ""}) == judged(errc::sasl_field_empty, 0));
  CHECK(judged_of({"user", "pencil", "a,c"}) == judged(errc::sasl_octet, 1));
  CHECK(judged_of({"user", "pencil", "ab\n"}) == judged(errc::sasl_octet, 2));
  CHECK(judged_of({"user", "pencil", long_nonce}) == judged(errc::sasl_field_too_long, 255));
  CHECK(judged_of({"user", "pencil", "abc", "a\0b"sv}) == judged(errc::sasl_octet, 1));
  const auto bound = [&](const channel_binding& binding) {
    scram_sha_1_plus_client client({"user", "pencil", "abc", {}, binding});
    return judged(client.respond("", out));
  };
  const std::string long_data(513, 'd'), long_type(65, 't');
  CHECK(bound({}) == judged(errc::sasl_field_empty, 0));
  CHECK(bound({"tls-exporter", ""}) == judged(errc::sasl_field_empty, 0));
  CHECK(bound({"tls,exporter", "data"}) == judged(errc::gs2_header_malformed, 3));
  CHECK(bound({",tls-exporter", "data"}) == judged(errc::gs2_header_malformed, 0));
  CHECK(bound({"tls-exporter", long_data}) == judged(errc::sasl_field_too_long, 512));
  CHECK(bound({long_type, "data"}) == judged(errc::sasl_field_too_long, 64));
  CHECK(out.empty());
}

TEST_CASE("a server refuses a spoilt client-first at the octet, and the exchange is over") {
  const std::string long_name = "n,,n=" + std::string(256, 'u') + ",r=abc";
  const std::string long_nonce = "n,,n=user,r=" + std::string(256, 'r');
  const std::string endless = "n,,n=user,r=abc,x=" + std::string(2100, 'x');
  const std::string long_type = "p=" + std::string(65, 't') + ",,n=user,r=abc";
  const refused_row rows[] = {
      {"", errc::gs2_header_malformed, 0},
      {"n", errc::gs2_header_malformed, 1},
      {"n,", errc::gs2_header_malformed, 2},
      {"n,,", errc::sasl_field_missing, 3},
      {"N,,n=user,r=abc", errc::gs2_header_malformed, 0},
      {"x,,n=user,r=abc", errc::gs2_header_malformed, 0},
      {"F,n,,n=user,r=abc", errc::gs2_header_malformed, 0},
      {"nn,,n=user,r=abc", errc::gs2_header_malformed, 1},
      {"n=user,r=abc", errc::gs2_header_malformed, 1},
      {"n,n=user,r=abc", errc::gs2_header_malformed, 2},
      {"n,a=,n=user,r=abc", errc::sasl_field_empty, 4},
      {"n,a,n=user,r=abc", errc::gs2_header_malformed, 3},
      {"n,a=x=y,n=user,r=abc", errc::saslname_malformed, 5},
      {"n,a=x,a=x,n=user,r=abc", errc::sasl_field_missing, 6},
      {"p=,,n=user,r=abc", errc::sasl_field_empty, 2},
      {"p,,n=user,r=abc", errc::gs2_header_malformed, 1},
      {"p=tls_unique,,n=user,r=abc", errc::gs2_header_malformed, 5},
      {long_type, errc::sasl_field_too_long, 66},
      {"p=tls-unique,,n=user,r=abc", errc::channel_binding_unknown, 0},
      // missing, doubled, empty, over-long, out of order
      {"n,,r=abc", errc::sasl_field_missing, 3},
      {"n,,n=user", errc::sasl_field_missing, 9},
      {"n,,n=user,n=user,r=abc", errc::sasl_field_repeated, 10},
      {"n,,n=user,r=abc,r=abc", errc::sasl_field_repeated, 16},
      {"n,,n=user,r=abc,n=root", errc::sasl_field_repeated, 16},
      {"n,,n=user,r=abc,a=root", errc::sasl_field_repeated, 16},
      {"n,,n=,r=abc", errc::sasl_field_empty, 5},
      {"n,,n=user,r=", errc::sasl_field_empty, 12},
      {"n,,r=abc,n=user", errc::sasl_field_missing, 3},
      {long_name, errc::sasl_field_too_long, 260},
      {long_nonce, errc::sasl_field_too_long, 267},
      {endless, errc::sasl_field_too_long, 2048},
      // octets
      {"n,,n=us\0er,r=abc"sv, errc::sasl_octet, 7},
      {"n,,n=user,r=a\0c"sv, errc::sasl_octet, 13},
      {"n,,n=us\xC3,r=abc", errc::utf8_malformed, 7},
      {"n,a=\xFF,n=user,r=abc", errc::utf8_malformed, 4},
      {"n,,n=user,r=abc,x=\xFF", errc::sasl_octet, 18},
      {"n,,n=user,r=ab\xFF", errc::sasl_octet, 14},
      {"n,,n=user,r=a\tc", errc::sasl_octet, 13},
      // = in a name before 2C and 3D alone (RFC 5802 5.1)
      {"n,,n=us=er,r=abc", errc::saslname_malformed, 7},
      {"n,,n=user=,r=abc", errc::saslname_malformed, 9},
      {"n,,n=user=2,r=abc", errc::saslname_malformed, 9},
      {"n,,n=user=2c,r=abc", errc::saslname_malformed, 9},
      {"n,,n=user=3d,r=abc", errc::saslname_malformed, 9},
      {"n,,n=user=2D,r=abc", errc::saslname_malformed, 9},
      // mandatory extensions
      {"n,,m=x,n=user,r=abc", errc::scram_extension, 3},
      {"n,,n=user,m=x,r=abc", errc::scram_extension, 10},
      {"n,,n=user,r=abc,m=x", errc::scram_extension, 16},
      {"n,,n=user,r=abc,", errc::sasl_message_malformed, 16},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    scram_sha_1_server server(lax);
    CHECK(judged(server.take(r.text)) == judged(r.why, r.at));
    CHECK_FALSE(server.done());
    CHECK(judged(server.take("n,,n=user,r=abc")) == judged(errc::sasl_out_of_order, 0));
    output_buffer<100> out;
    CHECK(judged(server.challenge(out)) == judged(errc::sasl_out_of_order, 0));
  }
}

TEST_CASE("a -PLUS server takes a binding of the channel's and nothing else") {
  const channel_binding bindings[] = {exporter};
  const scram_server_options options{true, bindings, {1, 10}};
  const refused_row rows[] = {
      {"n,,n=user,r=abc", errc::channel_binding_missing, 0},
      {"y,,n=user,r=abc", errc::channel_binding_downgraded, 0},
      {"p=tls-unique,,n=user,r=abc", errc::channel_binding_unknown, 2},
      {"p=TLS-exporter,,n=user,r=abc", errc::channel_binding_unknown, 2},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    scram_sha_1_plus_server server(options);
    CHECK(judged(server.take(r.text)) == judged(r.why, r.at));
  }
  // c= of another header, of other data, of less and of more: cD10bHMtZXhwb3J0ZXIsLA== is p=tls-exporter,,
  for (const std::string_view c :
       {"biws"sv, "eSws"sv, "cD10bHMtZXhwb3J0ZXIsLA=="sv, "cD10bHMtZXhwb3J0ZXIsLDAxMjM0NTY3ODlhYmNkZQ=="sv,
        "cD10bHMtZXhwb3J0ZXIsLDAxMjM0NTY3ODlhYmNkZWc="sv, "cD10bHMtZXhwb3J0ZXIsLDAxMjM0NTY3ODlhYmNkZWZn"sv}) {
    CAPTURE(c);
    auto server = challenging<scram_sha_1_plus_server>(options, "p=tls-exporter,,n=user,r=abc");
    const std::string message = "c=" + std::string(c) + ",r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=";
    CHECK(judged(server.take(message)) == judged(errc::channel_binding_wrong, 2));
  }
}

TEST_CASE("a binding without data is none: cbind-data MUST be present for \"p\" (RFC 5802 7)") {
  const channel_binding bindings[] = {{channel_binding::tls_exporter, ""}, {channel_binding::tls_unique, "data"}};
  const std::string_view first = "p=tls-exporter,,n=user,r=abc";
  scram_sha_1_plus_server server({true, bindings, {1, 10}});
  CHECK(judged(server.take(first)) == judged(errc::channel_binding_unknown, 2));
  // The row behind it is as if it were the only one.
  const channel_binding both[] = {bindings[0], exporter};
  scram_sha_1_plus_server bound({true, both, {1, 10}});
  CHECK(judged(bound.take(first)) == "taken");
}

TEST_CASE("a server lets nobody in but by the right proof") {
  constexpr auto right = "c=biws,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0="sv;
  {
    scram_sha_1_server server = challenging(lax);
    CHECK(judged(server.take(right)) == "taken");
    CHECK_FALSE(server.done());  // the client has not seen the server's proof yet
    CHECK(judged(server.take("")) == judged(errc::sasl_out_of_order, 0));
    output_buffer<100> out;
    CHECK(*server.challenge(out) == "v=4neuWIv2anEaI7PjRaXUyfr3Ltw=");
    CHECK(judged(server.take("x")) == judged(errc::sasl_message_malformed, 0));
    CHECK_FALSE(server.done());
  }
  const std::string long_proof = "c=biws,r=abcdef,p=" + std::string(688, 'A');
  const refused_row rows[] = {
      {"", errc::sasl_field_missing, 0},
      {"r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::sasl_field_missing, 0},
      {"c=biws,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::sasl_field_missing, 7},
      {"c=biws,r=abcdef", errc::sasl_field_missing, 15},
      {"c=biws,c=biws,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::sasl_field_repeated, 7},
      {"c=biws,r=abcdef,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::sasl_field_repeated, 16},
      {"c=biws,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::sasl_message_malformed,
       46},
      {"c=biws,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=,x=1", errc::sasl_message_malformed, 46},
      {"c=biws,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=,", errc::sasl_message_malformed, 46},
      {"c=,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::sasl_field_empty, 2},
      {"c=biws,r=,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::sasl_field_empty, 9},
      {"c=biws,r=abcdef,p=", errc::sasl_field_empty, 18},
      {"c=biw\0,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0="sv, errc::sasl_octet, 5},
      {"c=biw!,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::base64_octet, 5},
      {"c=biws,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0", errc::base64_length, 45},
      {"c=biws,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt1=", errc::base64_spare_bits, 44},
      {"r=abcdef,c=biws,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::sasl_field_missing, 0},
      {"c=biws,r=abcdef,m=x,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::scram_extension, 16},
      {"c=biws,r=abc,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::sasl_nonce, 12},
      {"c=biws,r=abcdefg,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::sasl_nonce, 15},
      {"c=biws,r=abcdEf,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::sasl_nonce, 13},
      {"c=eSws,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::channel_binding_wrong, 2},      // y,,
      {"c=bixhPXgs,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::channel_binding_wrong, 2},  // n,a=x,
      {"c=biwsYQ==,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::channel_binding_wrong, 2},  // n,,a
      {"c=biws,r=abcdef,p=KkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::sasl_proof, 18},
      {"c=biws,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGtw=", errc::sasl_proof, 18},
      {"c=biws,r=abcdef,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=", errc::sasl_proof, 18},
      {"c=biws,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnI", errc::sasl_proof, 18},
      {"c=biws,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0A", errc::sasl_proof, 18},
      {"c=biws,r=abcdef,p=4neuWIv2anEaI7PjRaXUyfr3Ltw=", errc::sasl_proof, 18},      // the server's own signature
      {"c=biws,r=abcdef,x=1,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=", errc::sasl_proof, 22},  // another message than was proven
      {long_proof, errc::sasl_field_too_long, 18},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    scram_sha_1_server server = challenging(lax);
    const auto taken = server.take(r.text);
    CHECK(judged(taken) == judged(r.why, r.at));
    CHECK_FALSE(server.done());
    output_buffer<100> out;
    CHECK(judged(server.challenge(out)) == judged(errc::sasl_out_of_order, 0));  // no v= for a stranger
    CHECK(out.empty());
    CHECK(judged(server.take(right)) == judged(errc::sasl_out_of_order, 0));
    CHECK(server.refuse(scram_sha_1_server::error_for(taken.error().code), out).has_value());
    CHECK(out.written().substr(0, 2) == "e=");
    CHECK_FALSE(server.done());
  }
  // The right words to a server that keeps another password.
  scram_sha_1_server other = challenging(lax, "n,,n=user,r=abc", "pencils");
  CHECK(judged(other.take(right)) == judged(errc::sasl_proof, 18));
  // And for another name, or for another to act as.
  scram_sha_1_server renamed = challenging(lax, "n,,n=User,r=abc");
  CHECK(judged(renamed.take(right)) == judged(errc::sasl_proof, 18));
  scram_sha_1_server acting = challenging(lax, "n,a=root,n=user,r=abc");
  CHECK(judged(acting.take(right)) == judged(errc::channel_binding_wrong, 2));
}

TEST_CASE("what the caller keeps of a user is checked before it is used") {
  const auto tried = [](const scram_credentials& user, std::string_view nonce = "def",
                        const scram_server_options& options = {}) {
    scram_sha_1_server server(options);
    REQUIRE(server.take("n,,n=user,r=abc"));
    output_buffer<1000> out;
    const auto challenge = server.challenge(user, nonce, out);
    CHECK(out.empty() == !challenge.has_value());
    return judged(challenge);
  };
  const std::string key(20, 'k'), long_salt(256, 's'), long_nonce(253, 'n');
  CHECK(tried({"salt", 4096, key.c_str(), key.c_str()}) == "taken");
  CHECK(tried({"salt", 4095, key.c_str(), key.c_str()}) == judged(errc::iterations_too_few, 0));
  CHECK(tried({"salt", 0, key.c_str(), key.c_str()}, "def", lax) == judged(errc::iterations_too_few, 0));
  CHECK(tried({"salt", 0x80000000U, key.c_str(), key.c_str()}) == judged(errc::iterations_too_many, 0));
  CHECK(tried({"", 4096, key.c_str(), key.c_str()}) == judged(errc::sasl_field_empty, 0));
  CHECK(tried({long_salt, 4096, key.c_str(), key.c_str()}) == judged(errc::sasl_field_too_long, 255));
  CHECK(tried({"salt", 4096, "", key.c_str()}) == judged(errc::sasl_message_malformed, 0));
  CHECK(tried({"salt", 4096, key.c_str(), "short"}) == judged(errc::sasl_message_malformed, 0));
  CHECK(tried({"salt", 4096, key.c_str(), key.c_str()}, "") == judged(errc::sasl_field_empty, 0));
  CHECK(tried({"salt", 4096, key.c_str(), key.c_str()}, "d,f") == judged(errc::sasl_octet, 1));
  CHECK(tried({"salt", 4096, key.c_str(), key.c_str()}, long_nonce) == judged(errc::sasl_field_too_long, 252));
}
