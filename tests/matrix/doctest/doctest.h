// What the tests use of doctest, over stdio alone, for where every octet that is read must have been
// written by code compiled under the same instrumentation, or where doctest itself can not be had.
//
// A check that fails prints where it stands and counts; a REQUIRE that fails ends its test as well, by
// ending the program. Of a test with subcases each run enters the next one.

#ifndef SANSMTP_TESTS_MATRIX_DOCTEST_H
#define SANSMTP_TESTS_MATRIX_DOCTEST_H

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>

namespace doctest {

struct test {
  const char* sentence;
  void (*body)();
  test* next;
};

struct state {
  test* tests = nullptr;
  unsigned run = 0, failed = 0, subcases = 0, wanted = 0;
};
inline state now;

struct enrolled : test {
  enrolled(const char* sentence, void (*body)()) : test{sentence, body, now.tests} { now.tests = this; }
};

inline bool check(bool holds, const char* what, const char* file, int line) {
  if (holds) return true;
  std::printf("%s:%d: does not hold: %s\n", file, line, what);
  ++now.failed;
  return false;
}

inline void require(bool holds, const char* what, const char* file, int line) {
  if (check(holds, what, file, line)) return;
  std::fflush(stdout);
  std::_Exit(1);
}

inline bool enters_subcase() { return now.subcases++ == now.wanted; }

template <class T>
std::string toString(const T& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

inline int run_all() {
  for (test* t = now.tests; t != nullptr; t = t->next) {
    now.wanted = 0;
    do {
      now.subcases = 0;
      const unsigned before = now.failed;
      t->body();
      if (now.failed != before) std::printf("failed: %s\n", t->sentence);
    } while (++now.wanted < now.subcases);
    ++now.run;
  }
  std::printf("%u tests, %u failures\n", now.run, now.failed);
  return now.failed == 0 ? 0 : 1;
}

}  // namespace doctest

#define SANSMTP_TEST_NAME_OF(line) test_of_line_##line
#define SANSMTP_TEST_NAME(line) SANSMTP_TEST_NAME_OF(line)
#define SANSMTP_TEST_ENROLLED_OF(line) enrolled_of_line_##line
#define SANSMTP_TEST_ENROLLED(line) SANSMTP_TEST_ENROLLED_OF(line)
#define TEST_CASE(sentence)                                                                            \
  static void SANSMTP_TEST_NAME(__LINE__)();                                                           \
  static doctest::enrolled SANSMTP_TEST_ENROLLED(__LINE__)(sentence, &SANSMTP_TEST_NAME(__LINE__)); \
  static void SANSMTP_TEST_NAME(__LINE__)()
#define SUBCASE(sentence) if (doctest::enters_subcase())
#define CHECK(...) doctest::check(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)
#define CHECK_FALSE(...) doctest::check(!static_cast<bool>(__VA_ARGS__), "not " #__VA_ARGS__, __FILE__, __LINE__)
#define CHECK_MESSAGE(holds, ...) CHECK(holds)
#define REQUIRE(...) doctest::require(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)
#define REQUIRE_FALSE(...) doctest::require(!static_cast<bool>(__VA_ARGS__), "not " #__VA_ARGS__, __FILE__, __LINE__)
#define FAIL_CHECK(...) doctest::check(false, #__VA_ARGS__, __FILE__, __LINE__)
#define FAIL(...) doctest::require(false, #__VA_ARGS__, __FILE__, __LINE__)
#define CAPTURE(...) static_cast<void>(0)
#define INFO(...) static_cast<void>(0)
#define MESSAGE(...) static_cast<void>(0)

#ifdef DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
int main() { return doctest::run_all(); }

// In libc++ these are no templates, and what was compiled elsewhere does not tell MSan what it wrote.
#if defined(_LIBCPP_VERSION) && __has_feature(memory_sanitizer)
namespace doctest {
template <class Number>
std::string decimal(Number number) {
  const bool negative = number < 0;
  std::string digits;
  do {
    const int digit = static_cast<int>(number % 10);
    digits.insert(digits.begin(), static_cast<char>('0' + (negative ? -digit : digit)));
    number = static_cast<Number>(number / 10);
  } while (number != 0);
  return (negative ? "-" : "") + digits;
}
}  // namespace doctest
namespace std {
inline namespace _LIBCPP_ABI_NAMESPACE {
string to_string(int number) { return doctest::decimal(number); }
string to_string(unsigned number) { return doctest::decimal(number); }
string to_string(long number) { return doctest::decimal(number); }
string to_string(unsigned long number) { return doctest::decimal(number); }
string to_string(long long number) { return doctest::decimal(number); }
string to_string(unsigned long long number) { return doctest::decimal(number); }
}
}  // namespace std
#endif
#endif

#endif
