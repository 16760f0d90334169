#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "grammar/judged.hpp"
#include "sansmtp/sasl/scram_client.hpp"
#include "sansmtp/sasl/scram_server.hpp"
#include "sasl/decoded.hpp"
#include "sasl/hex.hpp"

using namespace sansmtp;
using support::hex;
using support::judged;

static_assert(scram_sha_1_client::name == "SCRAM-SHA-1" && scram_sha_1_plus_server::name == "SCRAM-SHA-1-PLUS");
static_assert(scram_sha_256_client::mechanism == sasl_mechanism::scram_sha_256);
static_assert(scram_sha_512_plus_client::mechanism == sasl_mechanism::scram_sha_512_plus);

namespace {

constexpr iteration_bounds any{1, 100000};
constexpr channel_binding exporter{channel_binding::tls_exporter, "0123456789abcdefghijklmnopqrstuv"};

// What both sides say, and every value on the way.
struct exchange {
  std::string_view authcid, password, client_nonce, server_nonce;
  std::string_view client_first, server_first, client_final, server_final;
  std::string_view salted, client_key, stored_key, server_key, client_signature, proof, server_signature;
};

// RFC 5802 5
const exchange rfc_5802{"user", "pencil", "fyko+d2lbbFgONRv9qkxdawL", "3rfcNHYJY1ZVvWVs7j",
                        "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
                        "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
                        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
                        "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
                        // The values between are no RFC's; another implementation has them so.
                        "1d96ee3a529b5a5f9e47c01f229a2cb8a6e15f7d", "e234c47bf6c36696dd6d852b99aaa2ba26555728",
                        "e9d94660c39d65c38fbad91c358f14da0eef2bd6", "0fe09258b3ac852ba502cc62ba903eaacdbf7d31",
                        "5d7138c486b0bfabdf49e3e2da8bd6e5c79db613", "bf45fcbf7073d93d022466c94321745fe1c8e13b",
                        "ae617da6a57c4bbb2e0286568dae1d251905b0a4"};

// RFC 7677 3
const exchange rfc_7677{
    "user",
    "pencil",
    "rOprNGfwEbeRWgbNEkqO",
    "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    "c4a49510323ab4f952cac1fa99441939e78ea74d6be81ddf7096e87513dc615d",
    "a60fc923d67e8644a92d16b96eda5ef4656b0c725c484374be25535576996e8b",
    "586e5df283e6dceb5c3e791d8b8528ec191e664045ce971792e2e6b5bb13e2a6",
    "c1f3cbc1c13a9d35a14c0990eed97629ea225863e566a4314ab99f3f00e5d9d5",
    "d27312467c28a40a8a7f05c73c0de33eb3cbfb4a83783b58144cf19ac6be1bdf",
    "747cdb65aa56224e2352137e52d7bdcad6a0f738df30782caa69a2cfb0277554",
    "eabae24d1062db75a9451ff0b6ea7e98c8546549ff741e672d3251b2397de46e"};

// No RFC has one with SHA-512: the same with this hash, as another implementation has it.
const exchange with_sha_512{
    "user",
    "pencil",
    "rOprNGfwEbeRWgbNEkqO",
    "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    "p=gMGXRcevScNtxZ6/8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN8PPC6wdp6dybEmDYXYTxwnYPJQ==",
    "v=ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw==",
    "f16efe1be67f1d09502ebd5ed9262fddffba5a377ab4f0b687e5ed5ba0f50686"
    "b8a4ae166476da8ab3b951d2fa9238b63998f45461bc33a464814949cec9631d",
    "f81d81a6c0467dbd957885e9f3a0387a99e989171077fc3b8d134b710907c424"
    "917b624f885a3667838762858a893a4fce39043aa57fa07388a5aaa6fdbac920",
    "e8002e6f7d3ae446119b216933644dc2a2be7869eb918b8459b5e7d7d2ec1260"
    "6aceef106825cd735170a675fd3611f684affad1dce3f43a0ee43bd590e1dbbe",
    "8d91db6230b5687874fe129bc7206e1858c3ae08e02934f57ac03b6b05a229c4"
    "59d28ff46f5c9611e6c179256490215ec1ff759cb0df285db89af0f99e613aac",
    "78dc16e307e9347ef8bd1b5601f420def28e39c70ca99da715c96dcee56064c7"
    "a18016394c886b575a7450d14779c98d253e6dd379e4b21350f82e573fccc605",
    "80c19745c7af49c36dc59ebff25418a46b67b0d01cde619c98da26bfec67a0e3"
    "30fb7476c4d25d30d9f33254cdf0f3c2eb0769e9dc9b1260d85d84f1c2760f25",
    "6509d81205903059a6b0cf1a40c1749c30c2cbf0200b393093c0a631961c320d"
    "2f49594a0da9de90bb627c349e5464f8fb96715e726ad7df51546dab47b37b67"};

template <hash Hash>
void check_values(const exchange& e) {
  const auto salt_text = scram_server_first::parse(e.server_first, {});
  REQUIRE(salt_text);
  const decoded salt(salt_text->salt.text());
  scram_keys<Hash> keys;
  REQUIRE(keys.derive(e.password, salt.view(), salt_text->iterations));
  CHECK(hex(keys.salted_password().reveal()) == e.salted);
  CHECK(hex(keys.client_key().reveal()) == e.client_key);
  CHECK(hex(keys.stored_key().reveal()) == e.stored_key);
  CHECK(hex(keys.server_key().reveal()) == e.server_key);
  const std::string_view bare = e.client_first.substr(3);
  const std::string_view without_proof = e.client_final.substr(0, e.client_final.find(",p="));
  auto signature = scram_signature<Hash>(keys.stored_key(), bare, e.server_first, without_proof);
  CHECK(hex(signature) == e.client_signature);
  exclusive_or(signature, keys.client_key().reveal());
  CHECK(hex(signature) == e.proof);
  CHECK(hex(scram_signature<Hash>(keys.server_key(), bare, e.server_first, without_proof)) == e.server_signature);

  // The salted password alone is enough, and no other length of it is.
  scram_keys<Hash> again;
  REQUIRE(again.derive(keys.salted_password()));
  CHECK(again.server_key() == keys.server_key());
  CHECK(judged(again.derive(secret("short"))) == judged(errc::sasl_message_malformed, 0));
}

template <hash Hash>
void check_exchange(const exchange& e) {
  check_values<Hash>(e);
  scram_client<Hash> client({e.authcid, e.password, e.client_nonce});
  scram_server<Hash> server;
  output_buffer<1024> said, answered;
  const auto client_says = [&](std::string_view challenge) {
    said.clear();
    const auto message = client.respond(challenge, said);
    return message ? std::string(*message) : judged(message);
  };
  CHECK(*server.challenge(answered) == "");
  CHECK(client_says("") == e.client_first);
  const auto who = server.take(e.client_first);
  REQUIRE(who);
  CHECK(who->authcid == e.authcid);
  CHECK(who->authzid == "");

  const auto first = scram_server_first::parse(e.server_first, {});
  const decoded salt(first->salt.text());
  scram_keys<Hash> keys;
  REQUIRE(keys.derive(e.password, salt.view(), 4096));
  const auto challenge = server.challenge(keys.credentials(salt.view(), 4096), e.server_nonce, answered);
  REQUIRE(judged(challenge) == "taken");
  CHECK(*challenge == e.server_first);

  CHECK(client_says(e.server_first) == e.client_final);
  CHECK_FALSE(client.done());
  REQUIRE(judged(server.take(e.client_final)) == "taken");
  CHECK_FALSE(server.done());
  answered.clear();
  const auto verdict = server.challenge(answered);
  REQUIRE(verdict);
  CHECK(*verdict == e.server_final);
  CHECK(client_says(e.server_final) == "");
  CHECK(client.done());
  CHECK(server.take(""));
  CHECK(server.done());
}

}  // namespace

TEST_CASE("the exchange of RFC 5802 5, and every value in it") { check_exchange<sha1>(rfc_5802); }
TEST_CASE("the exchange of RFC 7677 3, and every value in it") { check_exchange<sha256>(rfc_7677); }
TEST_CASE("the same exchange over SHA-512, and every value in it") { check_exchange<sha512>(with_sha_512); }

TEST_CASE("exchanges that other people's clients and servers had") {
  // Postfix with Cyrus SASL; the password is s3cret.
  struct row {
    std::string_view nonce, server_first, client_final, server_final;
  };
  const row sha_256[] = {
      {"aumJq6wxcYKvCkrIuv20wZgHwQN6HKjB",
       "r=aumJq6wxcYKvCkrIuv20wZgHwQN6HKjBFbGDPgbhhggBvGyM,s=aW50ZXJvcC1zYWx0LTEyMw==,i=4096",
       "c=biws,r=aumJq6wxcYKvCkrIuv20wZgHwQN6HKjBFbGDPgbhhggBvGyM,p=KiVwnHWDy8r8IoSKgIb49y08XRT9gZZBKP3Fqaka5i8=",
       "v=7Z36LtG2n3LlVw7w1rYqIdtF6FGYCT50C06PiUkX2CI="},
      {"nRBSv1XFnEYagPpFHPhPQzn2",
       "r=nRBSv1XFnEYagPpFHPhPQzn2WQiLzidO8UAPVoDqE2MjNfXKfjXvT7cR,s=KdbEGZ8Mf8ntqY4paW35F2xQulmXLKUJ1zSyiYjTXec=,"
       "i=4096",
       "c=biws,r=nRBSv1XFnEYagPpFHPhPQzn2WQiLzidO8UAPVoDqE2MjNfXKfjXvT7cR,"
       "p=ceRDU3JriD60o7VGCfHbcQJXdQj53QdKDK/KxFBn//4=",
       "v=sCiW2m+aVPbEoEDy+8PbO+23T90uMQUaAlLmGXNhtMQ="}};
  output_buffer<1024> out;
  for (const row& r : sha_256) {
    scram_sha_256_client client({"tester", "s3cret", r.nonce});
    REQUIRE(client.respond("", out));
    CHECK(*client.respond(r.server_first, out) == r.client_final);
    CHECK(*client.respond(r.server_final, out) == "");
    CHECK(client.done());
    out.clear();
  }
  scram_sha_1_client client({"tester", "s3cret", "OXIhrQKSQDmIE0OUPOWw7Xmh"});
  REQUIRE(client.respond("", out));
  CHECK(*client.respond("r=OXIhrQKSQDmIE0OUPOWw7Xmh7MXxn3isw+DQkoDj3ojVx+jN60DAFUyN,s=SzW6+z+btNppK3VoN7hYOumdZzY=,"
                        "i=4096",
                        out) ==
        "c=biws,r=OXIhrQKSQDmIE0OUPOWw7Xmh7MXxn3isw+DQkoDj3ojVx+jN60DAFUyN,p=TTrcyINqAQUSDG6gzncEHKBeGIg=");
  CHECK(*client.respond("v=d2ESFoH70GmYJM3eozROgGxnWHQ=", out) == "");
  CHECK(client.done());
}

namespace {

// A whole exchange bound to the channel, with names that need escapes, at compile time.
constexpr bool bound_exchange(const channel_binding& ours, const channel_binding& theirs) {
  const channel_binding bindings[] = {{channel_binding::tls_server_end_point, "certificate"}, theirs};
  scram_sha_256_plus_client client({"us=er,", "pencil", "abc", "ad,min", ours, any});
  scram_sha_256_plus_server server({true, bindings, any});
  output_buffer<1024> said, answered;
  const auto first = client.respond("", said);
  if (!first || *first != "p=tls-exporter,a=ad=2Cmin,n=us=3Der=2C,r=abc") return false;
  const auto who = server.take(*first);
  if (!who || who->authcid != "us=er," || who->authzid != "ad,min") return false;
  scram_keys<sha256> keys;
  if (!keys.derive("pencil", "salt", 2, any)) return false;
  const auto challenge = server.challenge(keys.credentials("salt", 2), "def", answered);
  if (!challenge || *challenge != "r=abcdef,s=c2FsdA==,i=2") return false;
  const auto final = client.respond(*challenge, said);
  if (!final || !server.take(*final)) return false;
  const auto verdict = server.challenge(answered);
  return verdict && client.respond(*verdict, said) && client.done() && server.take("") && server.done();
}
static_assert(bound_exchange(exporter, exporter));
static_assert(!bound_exchange(exporter, {exporter.type, "0123456789abcdefghijklmnopqrstuV"}));

}  // namespace

TEST_CASE("the binding and the header are what c= says, byte for byte") {
  // As another implementation computes it for 32 octets from 0 on.
  std::string octets;
  for (char c = 0; c < 32; ++c) octets += c;
  scram_sha_256_plus_client client(
      {"us=er,", "pencil", "abc", "ad,min", {channel_binding::tls_exporter, octets}, {1, 10}});
  output_buffer<1024> out;
  REQUIRE(client.respond("", out));
  CHECK(*client.respond("r=abcdef,s=c2FsdA==,i=2", out) ==
        "c=cD10bHMtZXhwb3J0ZXIsYT1hZD0yQ21pbiwAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHw==,r=abcdef,"
        "p=0NnRoWgNZWjEBhvw3z+aO890x/1LSgsKWhxMWhpWSgM=");
  CHECK(*client.respond("v=wwJRDhgAOP9V5uzxucr8CrKUjlN/IGz7B/QLojsIVJQ=", out) == "");
  CHECK(client.done());
}

TEST_CASE("a client that could bind says so where no -PLUS is offered, and is caught where one is") {
  const scram_client_options options{"user", "pencil", "abc", {}, exporter, any};
  scram_sha_1_client client(options);
  output_buffer<1024> out;
  const auto first = client.respond("", out);
  REQUIRE(first);
  CHECK(*first == "y,,n=user,r=abc");
  scram_sha_1_server trusting, alert({true, {}, any});
  CHECK(judged(trusting.take(*first)) == "taken");
  const auto caught = alert.take(*first);
  CHECK(judged(caught) == judged(errc::channel_binding_downgraded, 0));
  CHECK(scram_sha_1_server::error_for(caught.error().code) == scram_error::server_does_support_channel_binding);
  CHECK(*alert.refuse(scram_error::server_does_support_channel_binding, out) ==
        "e=server-does-support-channel-binding");
  CHECK(judged(alert.take("")) == judged(errc::sasl_out_of_order, 0));
  CHECK_FALSE(alert.done());
}

TEST_CASE("names and passwords are prepared, and beyond ASCII only by the caller's own code") {
  output_buffer<1024> out;
  scram_sha_1_client plain({"\xC3\xBCser", "pencil", "abc"});
  CHECK(judged(plain.respond("", out)) == judged(errc::sasl_prep_needed, 0));
  CHECK(out.empty());
  scram_client<sha1, false, as_written> written({"\xC3\xBCser", "p\xC3\xBC", "abc", {}, {}, any});
  CHECK(*written.respond("", out) == "n,,n=\xC3\xBCser,r=abc");
  CHECK(judged(written.respond("r=abcd,s=c2FsdA==,i=1", out)) == "taken");
  scram_sha_1_client secretly({"user", "p\xC3\xBC", "abc", {}, {}, any});
  CHECK(judged(secretly.respond("", out)) == "taken");
  CHECK(judged(secretly.respond("r=abcd,s=c2FsdA==,i=1", out)) == judged(errc::sasl_prep_needed, 1));
  scram_sha_1_client control({"us\ter", "pencil", "abc"});
  CHECK(judged(control.respond("", out)) == judged(errc::sasl_prep_prohibited, 2));
}

TEST_CASE("what does not fit is not written, and can be tried again") {
  scram_sha_1_client client({"user", "pencil", "abc", {}, {}, any});
  for (std::size_t room = 0; room < 15; ++room) {
    std::string space(room, '-');
    writer out{std::span<char>(space)};
    CHECK(judged(client.respond("", out)) == judged(errc::output_full, 0));
    CHECK(out.empty());
  }
  output_buffer<100> out;
  CHECK(*client.respond("", out) == "n,,n=user,r=abc");
  const std::string_view expected = "c=biws,r=abcdef,p=JkZT4HK4dKdyV5Wovtj+4vnIGt0=";
  for (std::size_t room = 0; room < expected.size(); ++room) {
    std::string space(room, '-');
    writer small{std::span<char>(space)};
    CHECK(judged(client.respond("r=abcdef,s=c2FsdA==,i=1", small)) == judged(errc::output_full, 0));
    CHECK(small.empty());
  }
  CHECK(*client.respond("r=abcdef,s=c2FsdA==,i=1", out) == expected);
  CHECK(*client.respond("v=4neuWIv2anEaI7PjRaXUyfr3Ltw=", out) == "");
  CHECK(client.done());
}

TEST_CASE("also where the nonce is longer than all the rest (RFC 5802 5.1)") {
  scram_sha_1_client client({"user", "pencil", "abc", {}, {}, any});
  output_buffer<400> out;
  REQUIRE(client.respond("", out));
  const std::string nonce = "abc" + std::string(limits::sasl_nonce - 3, 'd');
  const std::string challenge = "r=" + nonce + ",s=c2FsdA==,i=1";
  const std::size_t due = std::string_view("c=biws,r=,p=").size() + nonce.size() + base64_size(sizeof(sha1::digest));
  for (std::size_t room = 0; room < due; ++room) {
    std::string space(room, '-');
    writer small{std::span<char>(space)};
    CHECK(judged(client.respond(challenge, small)) == judged(errc::output_full, 0));
    CHECK(small.empty());
  }
  std::string space(due, '-');
  writer just{std::span<char>(space)};
  REQUIRE(client.respond(challenge, just));
  CHECK(just.written().substr(0, 12 + nonce.size()) == "c=biws,r=" + nonce + ",p=");
}
