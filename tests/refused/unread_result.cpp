// Must not compile: nodiscard
// A result that nobody looks at: what was to be written may not have been.

#include <sansmtp/base/writer.hpp>

void forgotten(sansmtp::writer& out) { sansmtp::writer::draft(out).put("250 ok\r\n").commit(); }
