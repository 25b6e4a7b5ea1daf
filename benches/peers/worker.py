"""Reads PDFs with a package of PyPI: worker.py READER FILE prints the text; worker.py READER --serve is asked by run.py:
a line "N<tab>PATH" gives "=> MS MS ...<tab>CHARACTERS", or "=> -<tab>REASON"."""
import io, logging, sys, time


def pypdfium2(data):
    import pypdfium2
    doc = pypdfium2.PdfDocument(data)
    pages = []
    for page in doc:
        text = page.get_textpage()
        pages.append(text.get_text_range())
        text.close()
        page.close()
    doc.close()
    return pages


def pymupdf(data):
    import pymupdf
    pymupdf.TOOLS.mupdf_display_errors(False)
    with pymupdf.open(stream=data, filetype='pdf') as doc:
        return [page.get_text() for page in doc]


def pypdf(data):
    import pypdf
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def pdfplumber(data):
    import pdfplumber
    with pdfplumber.open(io.BytesIO(data)) as doc:
        return [page.extract_text() for page in doc.pages]


def main():
    logging.disable(logging.CRITICAL)
    read = {f.__name__: f for f in (pypdfium2, pymupdf, pypdf, pdfplumber)}[sys.argv[1]]
    if sys.argv[2] != '--serve':
        sys.stdout.buffer.write('\f'.join(read(open(sys.argv[2], 'rb').read())).encode('utf8', 'replace'))
        return
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        runs, path = line.rstrip('\n').split('\t', 1)
        data = open(path, 'rb').read()
        times = []
        try:
            for _ in range(int(runs)):
                start = time.perf_counter()
                characters = sum(map(len, read(data)))
                times.append(f'{(time.perf_counter() - start) * 1e3:.4f}')
            answer = ' '.join(times) + f'\t{characters}'
        except BaseException as e:
            answer = '-\t' + ' '.join(str(e).split())
        print('=> ' + answer, file=answers, flush=True)


main()
