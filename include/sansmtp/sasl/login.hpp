// LOGIN: a name and its password in clear, in two steps (draft-murchison-sasl-login-00).
//
// Obsolete in favour of PLAIN and offered all over. The server asks twice and the client answers twice; what the
// questions say means nothing, for no two servers agree on it. To be used inside TLS alone. Some clients send the
// name as an initial response: the server's object takes it so, and the first question is left out.

#ifndef SANSMTP_SASL_LOGIN_HPP
#define SANSMTP_SASL_LOGIN_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansmtp/base/limits.hpp"
#include "sansmtp/base/octet.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/utf8.hpp"
#include "sansmtp/sasl/mechanism.hpp"
#include "sansmtp/sasl/message.hpp"
#include "sansmtp/sasl/secret.hpp"

namespace sansmtp {

// The user's name belongs to the server's object that took it, the password to the response.
struct login_credentials {
  std::string_view user;
  secret passwd;
};

// What the server asks. Clients are in use that need the default (draft 2.2); the draft's own questions are
// {"User Name", "Password"}.
struct login_prompts {
  std::string_view user = "Username:";
  std::string_view passwd = "Password:";
};

namespace sasl {

// user   = 1*<character in UTF-8 except NUL, CR, LF>
// passwd = 1*<OCTET except NUL, CR, LF>
//
// Faults: sasl_field_empty; sasl_octet; sasl_field_too_long at the first octet too many.
constexpr result<void> check_login_field(std::string_view text, std::size_t most) noexcept {
  if (text.empty()) return errc::sasl_field_empty;
  if (text.size() > most) return fault_at(errc::sasl_field_too_long, most);
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\0' || text[i] == '\r' || text[i] == '\n') return fault_at(errc::sasl_octet, i);
  return {};
}

// "The username MUST be less than 64 characters in length." How many is the caller's limit.
constexpr result<void> check_login_user(std::string_view text, std::size_t characters) noexcept {
  if (const result<void> good = check_login_field(text, limits::sasl_identity); !good) return good.error();
  if (const result<void> good = check_utf8(text); !good) return good.error();
  for (std::size_t i = 0; i < text.size(); --characters) {
    if (characters == 0) return fault_at(errc::sasl_field_too_long, i);
    i += is(octet_class::non_ascii, text[i]) ? utf8_length_at(text, i) : 1;
  }
  return {};
}

}  // namespace sasl

class login_client {
 public:
  static constexpr sasl_mechanism mechanism = sasl_mechanism::login;
  static constexpr std::string_view name = name_of(mechanism);
  static constexpr bool client_first = false;

  // Borrows both. The draft allows 63 characters for a name; a server that is known to take more, as a mail address
  // may need, can be given more.
  constexpr login_client(std::string_view user, secret passwd, std::size_t longest_user = limits::login_user) noexcept
      : user_(user), passwd_(passwd), longest_user_(longest_user) {}

  // First the name, then the password, whatever the challenge says. Faults: sasl_out_of_order behind both; for the
  // field that is due sasl_field_empty, sasl_octet, utf8_malformed, sasl_field_too_long; output_full.
  constexpr result<std::string_view> respond(std::string_view challenge, writer& out) noexcept;

  constexpr bool done() const noexcept { return sent_ == 2; }

 private:
  std::string_view user_;
  secret passwd_;
  std::size_t longest_user_;
  std::uint8_t sent_ = 0;
};

constexpr result<std::string_view> login_client::respond(std::string_view, writer& out) noexcept {
  if (done()) return errc::sasl_out_of_order;
  const std::string_view field = sent_ == 0 ? user_ : passwd_.reveal();
  const result<void> good =
      sent_ == 0 ? sasl::check_login_user(field, longest_user_) : sasl::check_login_field(field, limits::sasl_password);
  if (!good) return good.error();
  writer::draft message(out);
  message.put(field);
  const result<std::string_view> written = sasl::finish(message);
  if (written) ++sent_;
  return written;
}

class login_server {
 public:
  static constexpr sasl_mechanism mechanism = sasl_mechanism::login;
  static constexpr std::string_view name = name_of(mechanism);
  static constexpr bool client_first = false;

  constexpr explicit login_server(const login_prompts& prompts = {}) noexcept : prompts_(prompts) {}

  // The question that is due. Faults: sasl_out_of_order, output_full.
  constexpr result<std::string_view> challenge(writer& out) const noexcept;

  // The next response: the name, and then there is more to ask, or the password, and then this yields both. The name
  // is kept in this object, and the view of it is good while the object stays where it is. Faults: sasl_field_empty;
  // sasl_octet at a NUL, CR or LF; utf8_malformed in the name; sasl_field_too_long; each uses the exchange up;
  // sasl_out_of_order behind both.
  constexpr result<std::optional<login_credentials>> take(std::string_view response) noexcept;

  constexpr bool done() const noexcept { return step_ == step::done; }

 private:
  enum class step : std::uint8_t { user, passwd, done, failed };

  login_prompts prompts_;
  std::array<char, limits::sasl_identity> user_{};
  std::uint8_t user_size_ = 0;
  step step_ = step::user;
};
static_assert(limits::sasl_identity <= 255);

constexpr result<std::string_view> login_server::challenge(writer& out) const noexcept {
  if (step_ != step::user && step_ != step::passwd) return errc::sasl_out_of_order;
  writer::draft message(out);
  message.put(step_ == step::user ? prompts_.user : prompts_.passwd);
  return sasl::finish(message);
}

constexpr result<std::optional<login_credentials>> login_server::take(std::string_view response) noexcept {
  if (step_ != step::user && step_ != step::passwd) return errc::sasl_out_of_order;
  const bool asked_user = step_ == step::user;
  const result<void> good = asked_user ? sasl::check_login_user(response, limits::sasl_identity)
                                       : sasl::check_login_field(response, limits::sasl_password);
  if (!good) {
    step_ = step::failed;
    return good.error();
  }
  if (asked_user) {
    for (char c : response) user_[user_size_++] = c;
    step_ = step::passwd;
    return std::optional<login_credentials>();
  }
  step_ = step::done;
  return std::optional(login_credentials{{user_.data(), user_size_}, response});
}

}  // namespace sansmtp

#endif
