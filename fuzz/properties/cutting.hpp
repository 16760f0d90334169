// However octets are cut on their way, they mean the same: whole, in two at every place, one by one.

#ifndef SANSMTP_FUZZ_PROPERTIES_CUTTING_HPP
#define SANSMTP_FUZZ_PROPERTIES_CUTTING_HPP

#include <cstddef>
#include <string>
#include <string_view>

#include "properties/require.hpp"
#include "support/every_cut.hpp"

namespace properties {

// `run` takes support::parts and returns all there is to know. Of a long text so many of the cuts in
// two are tried, evenly.
template <class Run>
void same_for_every_cut(std::string_view text, std::string_view what, Run run, std::size_t cuts = 32) {
  const std::string differs = support::cut_that_differs(text, run, 1 + text.size() / cuts);
  require(differs.empty(), what, differs);
}

}  // namespace properties

#endif
