// Must not compile: the literal is no Domain
// A literal that is no domain (RFC 5321 4.1.2: an empty label).

#include <sansmtp/grammar/domain.hpp>

using namespace sansmtp::literals;

constexpr auto name = "a..example"_domain;
