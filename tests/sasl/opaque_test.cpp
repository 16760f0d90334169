#include "sansmtp/sasl/opaque.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "sansmtp/sasl/security_layer.hpp"
#include "sasl/is_fault.hpp"

using namespace std::string_view_literals;
using sansmtp::errc;
using sansmtp::fault;
using sansmtp::opaque_client;
using sansmtp::opaque_server;
using sansmtp::opaque_step;
using sansmtp::output_buffer;
using sansmtp::result;
using sansmtp::writer;

namespace {

// A stand-in for somebody's GSS-API library: it says its lines in turn, each only behind the right one.
struct script {
  struct line {
    std::string_view heard, said;
    bool last;
  };
  const line* lines;
  std::size_t next = 0;

  constexpr result<opaque_step> operator()(std::string_view heard, writer& out) {
    const line& now = lines[next];
    if (heard != now.heard) return fault{errc::sasl_message_malformed, 0};
    writer::draft draft(out);
    draft.put(now.said);
    const auto said = sansmtp::sasl::finish(draft);
    if (!said) return said.error();
    ++next;
    return opaque_step{*said, now.last};
  }
};

constexpr script::line gssapi_client[] = {
    {"", "\x60\x82 context\0"sv, false}, {"\xFF reply", "", false}, {"\x01\0\0\0"sv, "\x01\0\0\0tim"sv, true}};
constexpr script::line gssapi_server[] = {
    {"\x60\x82 context\0"sv, "\xFF reply", false}, {"", "\x01\0\0\0"sv, false}, {"\x01\0\0\0tim"sv, "", true}};

// The steps of RFC 4752 3.1 and 3.2, with words for tokens and without GSS_Wrap.
constexpr bool gssapi() {
  output_buffer<256> out;
  script initiator{gssapi_client}, acceptor{gssapi_server};
  opaque_client client("GSSAPI", initiator);
  opaque_server server("GSSAPI", acceptor);
  if (client.name != "GSSAPI" || !client.client_first) return false;
  const auto empty = server.challenge(out);
  if (!empty || !empty->empty()) return false;
  std::string_view challenge;
  for (int i = 0; i < 3; ++i) {
    if (client.done() || server.done()) return false;
    const auto response = client.respond(challenge, out);
    if (!response) return false;
    const auto next = server.take(*response, out);
    if (!next) return false;
    challenge = *next;
  }
  return client.done() && server.done() && challenge.empty();
}
static_assert(gssapi());

}  // namespace

TEST_CASE("any octets pass through, and nothing follows the end") {
  constexpr script::line lines[] = {{"NTLMSSP\0\xFF"sv, "\0\r\n\x80"sv, true}};
  output_buffer<64> out;
  script code{lines};
  opaque_client client("NTLM", code, false);
  CHECK_FALSE(client.client_first);
  CHECK(*client.respond("NTLMSSP\0\xFF"sv, out) == "\0\r\n\x80"sv);
  CHECK(client.done());
  CHECK(is_fault(client.respond("", out), errc::sasl_out_of_order, 0));
}

TEST_CASE("a server that speaks first asks the caller's code for its challenge") {
  constexpr script::line lines[] = {{"", "nonce", false}, {"ticket", "", true}};
  output_buffer<64> out;
  script code{lines};
  opaque_server server("KERBEROS_V4", code, false);
  CHECK(*server.challenge(out) == "nonce");
  CHECK(server.take("ticket", out));
  CHECK(server.done());
  CHECK(is_fault(server.challenge(out), errc::sasl_out_of_order, 0));
}

TEST_CASE("a fault of the caller's code ends the exchange, too little room does not") {
  constexpr script::line lines[] = {{"right", "answer", false}, {"right", "answer", true}};
  output_buffer<3> small;
  output_buffer<64> out;
  script code{lines};
  opaque_client client("GSSAPI", code);
  CHECK(is_fault(client.respond("right", small), errc::output_full, 0));
  CHECK(*client.respond("right", out) == "answer");
  CHECK(is_fault(client.respond("wrong", out), errc::sasl_message_malformed, 0));
  CHECK_FALSE(client.done());
  CHECK(is_fault(client.respond("right", out), errc::sasl_out_of_order, 0));
  CHECK_FALSE(client.done());
}

TEST_CASE("a message that fits no line of an exchange is refused") {
  constexpr script::line lines[] = {{"", "", true}};
  output_buffer<64> out;
  script code{lines};
  opaque_server server("GSSAPI", code);
  CHECK(is_fault(server.take(std::string(9214, 'x'), out), errc::sasl_field_too_long, 9213));
  CHECK_FALSE(server.done());
}
