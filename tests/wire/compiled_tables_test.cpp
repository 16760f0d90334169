// What is told of the tables: sets of their rows, a verb's extension, a condition's status.

#include <doctest/doctest.h>

#include <optional>

#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/status_registry.hpp"
#include "sansmtp/wire/verb.hpp"

using namespace sansmtp;

TEST_CASE("two extensions make a set of two") {
  const extension_set both = extension::dsn | extension::mtrk;
  CHECK(both.has(extension::dsn));
  CHECK(both.has(extension::mtrk));
  CHECK(both == extension_set{extension::mtrk, extension::dsn});
  CHECK_FALSE(both.has(extension::size));
}

TEST_CASE("a verb is brought by its extension, or by none (RFC 5321 3.5.2, 4.1.1.8)") {
  const struct {
    verb what;
    std::optional<extension> by;
  } rows[] = {
      {verb::bdat, extension::chunking}, {verb::starttls, extension::starttls}, {verb::auth, extension::auth},
      {verb::etrn, extension::etrn},     {verb::expn, extension::expn},         {verb::vrfy, std::nullopt},
      {verb::help, std::nullopt},        {verb::unknown, std::nullopt},         {verb::mail, std::nullopt},
      {verb::quit, std::nullopt},
  };
  for (const auto& row : rows) {
    CAPTURE(name_of(row.what));
    CHECK(extension_unlocking(row.what) == row.by);
  }
}

TEST_CASE("a condition takes the class of its reply, and a 3yz carries none (RFC 2034 4, RFC 3463 2)") {
  CHECK(status::mail_system_full.with(452) == enhanced_status{4, 3, 1});
  CHECK(status::mail_system_full.with(552) == enhanced_status{5, 3, 1});
  CHECK(status::undefined.with(250) == enhanced_status{2, 0, 0});
  CHECK_FALSE(status::undefined.with(354));
  CHECK_FALSE(status_condition{1, 1000}.with(250));
}

TEST_CASE("no number of an enhanced status code has four digits, and no class is 1 or 3 (RFC 3463 2)") {
  CHECK(enhanced_status{2, 999, 999}.valid());
  CHECK_FALSE(enhanced_status{2, 0, 1000}.valid());
  CHECK_FALSE(enhanced_status{2, 1000, 0}.valid());
  CHECK_FALSE(enhanced_status{3, 0, 0}.valid());
  CHECK_FALSE(enhanced_status{4, 0, 0}.agrees_with(250));
}
