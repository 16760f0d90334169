// SCRAM where something is not as it was when the exchange began, and the reasons that a server gives.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "grammar/judged.hpp"
#include "sansmtp/sasl/scram_client.hpp"
#include "sansmtp/sasl/scram_server.hpp"

using namespace sansmtp;
using support::judged;
using namespace std::string_view_literals;

namespace {

constexpr iteration_bounds few{1, 10};

// A caller's preparation that takes a name so many times, and not once more.
struct fickle {
  int* left;
  constexpr result<std::string_view> operator()(std::string_view text, prep_use, writer&) const {
    if (*left == 0) return fault{errc::sasl_prep_prohibited, 1};
    --*left;
    return text;
  }
};

// A whole exchange of a -PLUS client with a server whose channel is another one before the proof arrives.
std::string bound(const channel_binding& at_first, const channel_binding& behind) {
  channel_binding bindings[] = {at_first};
  scram_sha_1_plus_server server({true, bindings, few});
  scram_sha_1_plus_client client({"user", "pencil", "abc", {}, at_first, few});
  output_buffer<8192> out;
  const auto first = client.respond("", out);
  REQUIRE(first);
  REQUIRE(judged(server.take(*first)) == "taken");
  scram_keys<sha1> keys;
  REQUIRE(keys.derive("pencil", "salt", 1, few));
  const auto challenge = server.challenge(keys.credentials("salt", 1), "def", out);
  REQUIRE(challenge);
  const auto proof = client.respond(*challenge, out);
  REQUIRE(proof);
  bindings[0] = behind;
  const auto taken = server.take(*proof);
  CHECK_FALSE(server.done());
  return judged(taken);
}

}  // namespace

TEST_CASE("a client proves itself on the channel that is there now (RFC 5802 6)") {
  const channel_binding exporter{channel_binding::tls_exporter, "0123456789abcdef"};
  const std::string wrong = judged(errc::channel_binding_wrong, 2);
  CHECK(bound(exporter, exporter) == "taken");
  CHECK(bound(exporter, {channel_binding::tls_exporter, "0123456789abcdeF"}) == wrong);
  CHECK(bound(exporter, {channel_binding::tls_unique, "0123456789abcdef"}) == wrong);
  CHECK(bound(exporter, {channel_binding::tls_exporter, ""}) == wrong);
  const std::string more_than_any(3000, 'x');
  CHECK(bound(exporter, {channel_binding::tls_exporter, more_than_any}) == wrong);
}

TEST_CASE("a type of binding may have dots and hyphens, and nothing else beside letters and digits (RFC 5801 4)") {
  CHECK(bound({"x.y-1", "data"}, {"x.y-1", "data"}) == "taken");
  for (const std::string_view type : {"x_y"sv, "x,y"sv, "x y"sv}) {
    scram_sha_1_plus_client client({"user", "pencil", "abc", {}, {type, "data"}, few});
    output_buffer<100> out;
    CHECK(judged(client.respond("", out)) == judged(errc::gs2_header_malformed, 1));
    CHECK(out.empty());
  }
}

TEST_CASE("a preparation that changes its mind stops the client where it is") {
  int left = 1;
  scram_client<sha1, false, fickle> client({"\xC3\xBC", "pencil", "abc", {}, {}, few}, fickle{&left});
  output_buffer<200> out;
  REQUIRE(client.respond("", out));
  CHECK(out.written() == "n,,n=\xC3\xBC,r=abc");
  out.clear();
  const auto server_first = "r=abcdef,s=c2FsdA==,i=1"sv;
  CHECK(judged(client.respond(server_first, out)) == judged(errc::sasl_prep_prohibited, 1));
  CHECK(out.empty());
  left = 1;
  REQUIRE(judged(client.respond(server_first, out)) == "taken");
  CHECK(out.written().substr(0, 18) == "c=biws,r=abcdef,p=");
}

TEST_CASE("too few iterations make no keys, and leave none behind") {
  scram_keys<sha1> keys;
  REQUIRE(keys.derive("pencil", "salt", 4096));
  const std::string none(20, '\0');
  CHECK_FALSE(keys.stored_key() == secret(none));
  CHECK(judged(keys.derive("pencil", "salt", 4095)) == judged(errc::iterations_too_few, 0));
  for (const secret key : {keys.salted_password(), keys.client_key(), keys.stored_key(), keys.server_key()})
    CHECK(key == secret(none));
}

TEST_CASE("a client-final whose nonce is none is refused at the octet") {
  const support::refused_row rows[] = {
      {"c=biws,r=a\x01,p=AAAA", errc::sasl_octet, 10},
      {"c=biws,r=a b,p=AAAA", errc::sasl_octet, 10},
      {"c=biws,r=\xC3\xBC,p=AAAA", errc::sasl_octet, 9},
      {"c=biws,r=,p=AAAA", errc::sasl_field_empty, 9},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(judged(scram_client_final::parse(r.text)) == judged(r.why, r.at));
  }
  const std::string long_nonce = "c=biws,r=" + std::string(256, 'r') + ",p=AAAA";
  CHECK(judged(scram_client_final::parse(long_nonce)) == judged(errc::sasl_field_too_long, 9 + 255));
}

TEST_CASE("a server's reason is the one that RFC 5802 7 has for the fault") {
  struct row {
    errc why;
    std::string_view reason, reason_with_plus;
  };
  const row rows[] = {
      {errc::scram_extension, "extensions-not-supported", "extensions-not-supported"},
      {errc::sasl_proof, "invalid-proof", "invalid-proof"},
      {errc::channel_binding_wrong, "channel-bindings-dont-match", "channel-bindings-dont-match"},
      {errc::channel_binding_downgraded, "server-does-support-channel-binding", "server-does-support-channel-binding"},
      {errc::channel_binding_unknown, "channel-binding-not-supported", "unsupported-channel-binding-type"},
      {errc::saslname_malformed, "invalid-username-encoding", "invalid-username-encoding"},
      {errc::utf8_malformed, "invalid-username-encoding", "invalid-username-encoding"},
      {errc::base64_octet, "invalid-encoding", "invalid-encoding"},
      {errc::base64_length, "invalid-encoding", "invalid-encoding"},
      {errc::base64_padding, "invalid-encoding", "invalid-encoding"},
      {errc::base64_spare_bits, "invalid-encoding", "invalid-encoding"},
      {errc::sasl_message_malformed, "invalid-encoding", "invalid-encoding"},
      {errc::sasl_octet, "invalid-encoding", "invalid-encoding"},
      {errc::gs2_header_malformed, "invalid-encoding", "invalid-encoding"},
      {errc::sasl_field_missing, "invalid-encoding", "invalid-encoding"},
      {errc::sasl_field_empty, "invalid-encoding", "invalid-encoding"},
      {errc::sasl_field_repeated, "invalid-encoding", "invalid-encoding"},
      {errc::sasl_prep_prohibited, "invalid-username-encoding", "invalid-username-encoding"},
      {errc::sasl_prep_needed, "invalid-username-encoding", "invalid-username-encoding"},
      {errc::channel_binding_missing, "other-error", "other-error"},
      {errc::sasl_nonce, "other-error", "other-error"},
      {errc::sasl_field_too_long, "other-error", "other-error"},
  };
  for (const row& r : rows) {
    CAPTURE(facts(r.why).sentence);
    CHECK(name_of(scram_sha_1_server::error_for(r.why)) == r.reason);
    CHECK(name_of(scram_sha_1_plus_server::error_for(r.why)) == r.reason_with_plus);
  }
}

TEST_CASE("what is wrong with a client's first message has the reason that RFC 5802 7 names for it") {
  const struct {
    std::string_view message, reason, reason_with_plus;
  } rows[] = {
      // "invalid username encoding (invalid UTF-8 or SASLprep failed)": of a name, and of nothing else
      {"p=x,,n=\xFF,r=abc", "invalid-username-encoding", "invalid-username-encoding"},
      {"n,,n=u\xC3,r=abc", "invalid-username-encoding", "invalid-username-encoding"},
      {"n,a=\xFF,n=u,r=abc", "invalid-username-encoding", "invalid-username-encoding"},
      {"n,,n=u=2c,r=abc", "invalid-username-encoding", "invalid-username-encoding"},
      {"n,,n=u,r=abc,x=\xFF", "invalid-encoding", "invalid-encoding"},
      {"n,,n=u,r=\xFF", "invalid-encoding", "invalid-encoding"},
      {"n,,n=u", "invalid-encoding", "invalid-encoding"},
      {"n,,n=,r=abc", "invalid-encoding", "invalid-encoding"},
      {"n,,n=u,n=u,r=abc", "invalid-encoding", "invalid-encoding"},
      {"z,,n=u,r=abc", "invalid-encoding", "invalid-encoding"},
      {"n,,m=x,n=u,r=abc", "extensions-not-supported", "extensions-not-supported"},
      {"p=x,,n=u,r=abc", "channel-binding-not-supported", "unsupported-channel-binding-type"},
      // RFC 5802 6: "y" from who has been offered a -PLUS mechanism is a downgrade; a -PLUS mechanism was offered
      {"y,,n=u,r=abc", "server-does-support-channel-binding", "server-does-support-channel-binding"},
      {"n,,n=u,r=abc", "none", "other-error"},
  };
  const auto reason = [](auto server, std::string_view message) {
    const auto taken = server.take(message);
    return taken ? "none" : name_of(decltype(server)::error_for(taken.error().code));
  };
  for (const auto& row : rows) {
    CAPTURE(row.message);
    CHECK(reason(scram_sha_1_server({.plus_offered = true}), row.message) == row.reason);
    CHECK(reason(scram_sha_1_plus_server(), row.message) == row.reason_with_plus);
  }
}
