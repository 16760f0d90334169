// Must not compile: deleted
// A buffer that carries its room is not copied: the copy would point into the original.

#include <sansmtp/wire/input_buffer.hpp>

sansmtp::input_buffer<16> one;
sansmtp::input_buffer<16> other = one;
