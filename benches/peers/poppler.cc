// Reads PDFs with poppler, through its C++ interface (libpoppler-cpp), as pdftotext does without options.
//
// poppler --serve is asked by run.py: a line "N<tab>PATH" gives "=> MS MS ...<tab>BYTES", or "=> -<tab>REASON".
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-page.h>
#include <string>
#include <vector>

static long read_all(const std::vector<char> &data) {
  std::unique_ptr<poppler::document> doc(poppler::document::load_from_raw_data(data.data(), data.size()));
  if (!doc || doc->is_locked())
    return -1;
  long bytes = 0;
  for (int i = 0; i < doc->pages(); i++) {
    std::unique_ptr<poppler::page> page(doc->create_page(i));
    if (page)
      bytes += page->text(poppler::rectf(), poppler::page::non_raw_non_physical_layout).to_utf8().size();
  }
  return bytes;
}

int main() {
  poppler::set_debug_error_function([](const std::string &, void *) {}, nullptr);
  std::string line;
  while (std::getline(std::cin, line)) {
    auto tab = line.find('\t');
    if (tab == std::string::npos)
      continue;
    std::ifstream file(line.substr(tab + 1), std::ios::binary);
    std::vector<char> data((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    std::string times;
    long bytes = -1;
    for (int n = std::stoi(line); n > 0; n--) {
      auto start = std::chrono::steady_clock::now();
      bytes = read_all(data);
      if (bytes < 0)
        break;
      std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
      times += std::to_string(took.count()) + " ";
    }
    std::cout << "=> " << (bytes < 0 ? "-\tcannot be opened" : times + "\t" + std::to_string(bytes)) << std::endl;
  }
}
