/* Reads PDFs with pdfium, through its C interface: the libpdfium that pypdfium2 ships.
 *
 * pdfium FILE prints the text of all pages, a form feed between them.
 * pdfium --serve is asked by run.py: a line "N<tab>PATH" gives "=> MS MS ...<tab>CHARACTERS", or "=> -<tab>REASON". */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* From pdfium's public headers (fpdfview.h, fpdf_text.h). */
typedef void *FPDF_DOCUMENT, *FPDF_PAGE, *FPDF_TEXTPAGE;
void FPDF_InitLibrary(void);
FPDF_DOCUMENT FPDF_LoadMemDocument64(const void *data, size_t size, const char *password);
int FPDF_GetPageCount(FPDF_DOCUMENT);
FPDF_PAGE FPDF_LoadPage(FPDF_DOCUMENT, int);
void FPDF_ClosePage(FPDF_PAGE);
void FPDF_CloseDocument(FPDF_DOCUMENT);
FPDF_TEXTPAGE FPDFText_LoadPage(FPDF_PAGE);
void FPDFText_ClosePage(FPDF_TEXTPAGE);
int FPDFText_CountChars(FPDF_TEXTPAGE);
int FPDFText_GetText(FPDF_TEXTPAGE, int start, int count, unsigned short *result);

/* UTF-16 to UTF-8. */
static void print(const unsigned short *text, int count) {
  for (int i = 0; i < count && text[i]; i++) {
    uint32_t c = text[i];
    if (c >= 0xd800 && c < 0xdc00 && i + 1 < count)
      c = 0x10000 + ((c - 0xd800) << 10) + (text[++i] - 0xdc00);
    if (c < 0x80)
      putchar(c);
    else if (c < 0x800)
      putchar(0xc0 | c >> 6), putchar(0x80 | (c & 63));
    else if (c < 0x10000)
      putchar(0xe0 | c >> 12), putchar(0x80 | (c >> 6 & 63)), putchar(0x80 | (c & 63));
    else
      putchar(0xf0 | c >> 18), putchar(0x80 | (c >> 12 & 63)), putchar(0x80 | (c >> 6 & 63)), putchar(0x80 | (c & 63));
  }
}

/* Characters read; -1 if the file cannot be opened. */
static long read_all(const char *data, size_t size, int printing) {
  FPDF_DOCUMENT doc = FPDF_LoadMemDocument64(data, size, NULL);
  if (!doc)
    return -1;
  long characters = 0;
  int pages = FPDF_GetPageCount(doc);
  for (int i = 0; i < pages; i++) {
    FPDF_PAGE page = FPDF_LoadPage(doc, i);
    if (printing && i)
      putchar('\f');
    if (!page)
      continue;
    FPDF_TEXTPAGE text = FPDFText_LoadPage(page);
    int count = text ? FPDFText_CountChars(text) : 0;
    if (count > 0) {
      unsigned short *buffer = malloc((count + 1) * sizeof *buffer);
      int got = FPDFText_GetText(text, 0, count, buffer);
      characters += got;
      if (printing)
        print(buffer, got);
      free(buffer);
    }
    if (text)
      FPDFText_ClosePage(text);
    FPDF_ClosePage(page);
  }
  FPDF_CloseDocument(doc);
  return characters;
}

static char *load(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return NULL;
  fseek(file, 0, SEEK_END);
  *size = ftell(file);
  rewind(file);
  char *data = malloc(*size + 1);
  *size = fread(data, 1, *size, file);
  fclose(file);
  return data;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(int argc, char **argv) {
  size_t size;
  FPDF_InitLibrary();
  if (argc == 2 && strcmp(argv[1], "--serve")) {
    char *data = load(argv[1], &size);
    return !data || read_all(data, size, 1) < 0;
  }
  char line[8192];
  while (fgets(line, sizeof line, stdin)) {
    char *path = strchr(line, '\t');
    if (!path)
      continue;
    *path++ = 0;
    path[strcspn(path, "\n")] = 0;
    char *data = load(path, &size);
    long characters = -1;
    printf("=> ");
    for (int n = atoi(line); data && n > 0; n--) {
      double start = now();
      characters = read_all(data, size, 0);
      if (characters < 0)
        break;
      printf("%.4f ", now() - start);
    }
    if (characters < 0)
      printf("-\tcannot be opened\n");
    else
      printf("\t%ld\n", characters);
    free(data);
    fflush(stdout);
  }
}
