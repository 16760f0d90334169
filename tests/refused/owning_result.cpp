// Must not compile: it owns nothing
// A result of something that allocates.

#include <sansmtp/base/result.hpp>

#include <string>

sansmtp::result<std::string> text() { return std::string("abc"); }
