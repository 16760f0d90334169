#include "sansmtp/sasl/secret.hpp"

#include <doctest/doctest.h>

#include <array>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>

#include "grammar/judged.hpp"

using sansmtp::equal_in_constant_time;
using sansmtp::kept_secret;
using sansmtp::secret;

static_assert(std::is_trivially_copyable_v<secret>);
static_assert(!std::is_copy_constructible_v<kept_secret<8>> && !std::is_copy_assignable_v<kept_secret<8>>);
static_assert(equal_in_constant_time("", "") && equal_in_constant_time("abc", "abc"));
static_assert(!equal_in_constant_time("abc", "ab") && !equal_in_constant_time("", "a"));
static_assert(secret("a") == secret("a") && secret("a") != secret("b") && secret().empty());

static_assert([] {
  std::array<char, 3> key{'k', 'e', 'y'};
  sansmtp::wipe(key);
  return key == std::array<char, 3>{};
}());

TEST_CASE("octets that differ in one bit anywhere are not equal") {
  const std::string text = "0123456789abcdef";
  for (std::size_t i = 0; i < text.size(); ++i)
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string other = text;
      other[i] = static_cast<char>(static_cast<unsigned char>(other[i]) ^ (1U << bit));
      CHECK_FALSE(equal_in_constant_time(text, other));
    }
  CHECK(equal_in_constant_time(text, std::string(text)));
}

TEST_CASE("a secret is printed redacted, also by a test that fails") {
  const secret password = "hunter2";
  std::ostringstream out;
  out << password;
  CHECK(out.str() == "(secret)");
  CHECK(std::string(doctest::toString(password).c_str()) == "(secret)");
  CHECK(password.reveal() == "hunter2");
}

TEST_CASE("a kept secret holds a copy until it is cleared or goes") {
  using support::judged;
  std::string source = "hunter2";
  kept_secret<8> kept;
  CHECK(judged(kept.keep(std::string_view(source))) == "taken");
  source.assign(source.size(), 'x');
  CHECK(kept.get() == secret("hunter2"));
  CHECK(judged(kept.keep("123456789")) == judged(sansmtp::errc::sasl_field_too_long, 8));
  CHECK(kept.get().empty());
  CHECK(judged(kept.keep("12345678")) == "taken");
  const char* const place = kept.get().reveal().data();
  kept.clear();
  CHECK(kept.get().empty());
  CHECK(std::string_view(place, 8) == std::string_view("\0\0\0\0\0\0\0\0", 8));
}
