// Must not compile: constant
// The value of a result that holds a fault, taken where the compiler can see it.

#include <sansmtp/base/number.hpp>

static_assert(*sansmtp::parse_number("12x") == 12);
