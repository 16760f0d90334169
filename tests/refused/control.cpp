// Must compile.
// What the other files do wrong, done right.

#include <sansmtp/base/number.hpp>
#include <sansmtp/base/writer.hpp>
#include <sansmtp/grammar/mailbox.hpp>
#include <sansmtp/grammar/path.hpp>
#include <sansmtp/grammar/reply_text.hpp>
#include <sansmtp/wire/data_decoder.hpp>
#include <sansmtp/wire/input_buffer.hpp>

#include <string_view>

using namespace sansmtp::literals;

constexpr auto sender = "a.b@c.example"_mailbox;
constexpr auto name = "mx.example"_domain;
constexpr auto path = "<a@b.example>"_reverse_path;
constexpr auto text = "ok"_text;
static_assert(*sansmtp::parse_number("12") == 12);
constexpr auto box = sansmtp::mailbox::parse("a@b.example");
static_assert(box && box->text() == "a@b.example");

sansmtp::input_buffer<16> one;
sansmtp::input& other = one;

sansmtp::result<std::string_view> view() { return std::string_view("abc"); }

bool ends(std::string_view wire) {
  sansmtp::data_decoder decoder(sansmtp::bare_newline::keep);
  return decoder.decode(wire).end;
}

bool written() {
  sansmtp::output_buffer<16> out;
  sansmtp::writer& same = out;
  return static_cast<bool>(sansmtp::writer::draft(same).put("ok").commit());
}
