"""What tests of nbgrader courses do with a student's answer, by kind: each an exercise of a few lines that it solves.

An exercise is (answer, test) or (locked cell, answer, test); `*` parts several answers and tests that take turns.
Beside the notebooks lie cities.txt, prices.csv and rounding.py. `GIVEN` are those that give points without an answer, as
stock nbgrader does.
"""

POINT = "class Point:\n    def __init__(self, x, y=0):\n        self.x, self.y = x, y\n"
MONEY = (
    "class Money:\n    def __init__(self, cents):\n        self.cents = cents\n"
    "    def __eq__(self, other):\n        return self.cents == other.cents\n"
    "    def __hash__(self):\n        return hash(self.cents)\n"
    "    def __lt__(self, other):\n        return self.cents < other.cents\n"
    "    def __add__(self, other):\n        return Money(self.cents + other.cents)\n"
    "    def __radd__(self, other):\n        return self if other == 0 else self + other\n"
    "    def __mod__(self, number):\n        return self.cents % number\n"
    "    def __neg__(self):\n        return Money(-self.cents)\n"
    "    def __bool__(self):\n        return self.cents != 0\n"
    "    def __contains__(self, coin):\n        return self.cents >= coin\n"
    "    def __float__(self):\n        return self.cents / 100\n"
    "    def __format__(self, how):\n        return f'{self.cents / 100:.2f}'\n"
)
FRAME = "import pandas as pd\nshop = pd.DataFrame({'item': ['pen', 'ink', 'pen'], 'price': [2, 5, 4]})"
LINE = "import numpy as np\nX = np.arange(8.0).reshape(-1, 1)\ny = 3 * X[:, 0] - 2"
AXES = "import matplotlib.pyplot as plt"

Exercise = tuple[str, ...]
LIGHT: dict[str, dict[str, Exercise]] = {
    "classes": {
        "an instance": (POINT, "assert isinstance(Point(1), Point)"),
        "its very class": (POINT, "assert type(Point(1)) is Point"),
        "no instance of another": (POINT, "assert not isinstance(Point(1), (list, tuple, dict))"),
        "its name": (POINT, "assert Point(1).__class__.__name__ == 'Point'"),
        "a subclass": (POINT + "class Dot(Point):\n    pass", "assert issubclass(Dot, Point) and Dot.__base__ is Point"),
        "a class of the test's from it": (POINT, "class Far(Point):\n    pass\nassert Far(3).x == 3"),
        "a base from a locked cell": ("class Shape:\n    pass", "class Disc(Shape):\n    pass", "assert isinstance(Disc(), Shape)"),
        "made from a locked class": ("class Node:\n    def __init__(self, v):\n        self.v = v", "def wrap(v):\n    return Node(v)", "n = wrap(3)\nassert isinstance(n, Node) and n.v == 3"),
        "given one of a locked class": ("class Node:\n    def __init__(self, v):\n        self.v = v", "def unwrap(node):\n    return node.v", "assert unwrap(Node(4)) == 4"),
        "a method put in its place": ("class Log:\n    def write(self, line):\n        self.line = line\n    def both(self):\n        self.write('a')\n        self.write('b')", "seen = []\nLog.write = lambda self, line: seen.append(line)\nLog().both()\nassert seen == ['a', 'b']"),
        "its members": (POINT, "assert set(vars(Point(1, 2))) == {'x', 'y'}"),
        "copied": (POINT, "import copy\none = Point([1])\ntwo = copy.deepcopy(one)\ntwo.x.append(2)\nassert one.x == [1]"),
        "walked along": ("class Link:\n    def __init__(self, v, rest=None):\n        self.v, self.rest = v, rest\nchain = Link(1, Link(2))", "at, seen = chain, []\nwhile at:\n    seen.append(at.v)\n    at = at.rest\nassert seen == [1, 2]"),
    },
    "operators": {
        "equality": (MONEY, "assert Money(5) == Money(5) and Money(5) != Money(6)"),
        "order": (MONEY, "assert min([Money(9), Money(2)]).cents == 2"),
        "a sum": (MONEY, "assert sum([Money(1), Money(2)]).cents == 3"),
        "a remainder": (MONEY, "assert Money(7) % 4 == 3"),
        "a sign": (MONEY, "assert (-Money(7)).cents == -7"),
        "truth": (MONEY, "assert Money(1) and not Money(0)"),
        "membership": (MONEY, "assert 5 in Money(10) and 50 not in Money(10)"),
        "a key": (MONEY, "assert {Money(1): 'a'}[Money(1)] == 'a'"),
        "a number made of it": (MONEY, "assert float(Money(250)) == 2.5"),
        "its format": (MONEY, "assert f'{Money(250)}' == '2.50'"),
        "a dataclass": ("from dataclasses import dataclass\n@dataclass(order=True)\nclass Card:\n    rank: int", "assert Card(2) < Card(3) and Card(2) == Card(2)"),
        "an enum": ("from enum import Enum\nclass Suit(Enum):\n    HEARTS = 1\n    SPADES = 2", "assert list(Suit) == [Suit.HEARTS, Suit.SPADES] and Suit(1) is Suit.HEARTS"),
        "the same object": (POINT + "p = Point(1)\nq = p", "assert p is q"),
    },
    "reading code": {
        "its text": ("def total(n):\n    while n:\n        n -= 1\n    return n", "import inspect\nassert 'while' in inspect.getsource(total)"),
        "its tree": ("def total(xs):\n    return [x for x in xs]", "import ast, inspect\nkinds = {type(node) for node in ast.walk(ast.parse(inspect.getsource(total)))}\nassert ast.ListComp in kinds"),
        "its parameters": ("def total(first, second=2):\n    return first + second", "from inspect import signature\nassert str(signature(total)) == '(first, second=2)'"),
        "its kind": ("total = lambda: 3", "import types\nassert isinstance(total, types.LambdaType) and callable(total)"),
        "a generator": ("def count():\n    yield 1\n    yield 2", "import inspect\nassert inspect.isgeneratorfunction(count) and list(count()) == [1, 2]"),
        "its code": ("def total(a, b):\n    c = a + b\n    return c", "assert total.__code__.co_varnames == ('a', 'b', 'c')"),
        "its documentation": ("def total(a):\n    'Adds up.'\n    return a", "assert total.__doc__.startswith('Adds') and total.__name__ == 'total'"),
        "its annotations": ("def total(a: int) -> float:\n    return float(a)", "import typing\nassert typing.get_type_hints(total)['return'] is float"),
        "the cells before": ("squares = [i ** 2 for i in range(3)]", "assert any('range' in text for text in In[:-1])"),
        "its doctests": ("def total(a):\n    '''\n    >>> total(1)\n    2\n    '''\n    return a + 1", "import doctest\nassert doctest.testmod().failed == 0 and doctest.testmod().attempted == 1"),
        "its closure": ("def make(n):\n    def inner():\n        return n\n    return inner\nfive = make(5)", "assert five.__closure__[0].cell_contents == 5"),
    },
    "patches": {
        "what is typed": ("def ask():\n    return input('name? ').upper()", "from unittest.mock import patch\nwith patch('builtins.input', side_effect=['ada']):\n    assert ask() == 'ADA'"),
        "input bound anew": ("def ask():\n    return int(input())", "input = lambda *prompt: '7'\nassert ask() == 7"),
        "standard input": ("def ask():\n    return input()", "import io, sys\nkept, sys.stdin = sys.stdin, io.StringIO('yes\\n')\nassert ask() == 'yes'\nsys.stdin = kept"),
        "what is printed": ("def greet():\n    print('hi', 'there')", "import io\nfrom contextlib import redirect_stdout\nout = io.StringIO()\nwith redirect_stdout(out):\n    greet()\nassert out.getvalue() == 'hi there\\n'"),
        "print itself": ("def greet():\n    print('hi')", "from unittest import mock\nwith mock.patch('builtins.print') as spy:\n    greet()\nassert spy.call_count == 1"),
        "chance": ("import random\ndef throw():\n    return random.choice(range(10**6))", "from unittest.mock import patch\nwith patch('random.choice', return_value=3):\n    assert throw() == 3"),
        "time": ("import time\ndef stamp():\n    return time.time()", "from unittest.mock import patch\nwith patch('time.time', return_value=5.0):\n    assert stamp() == 5.0"),
        "a function of its own": ("def rate():\n    return 2\ndef price(n):\n    return n * rate()", "from unittest.mock import patch\nwith patch('__main__.rate', lambda: 10):\n    assert price(3) == 30"),
        "a function gone": ("def rate():\n    return 2\ndef price(n):\n    return n * rate()", "kept = rate\ndel rate\ntry:\n    price(1)\n    raise AssertionError('rate is not used')\nexcept NameError:\n    rate = kept"),
        "a module": ("def fetch():\n    import webapi\n    return webapi.get()", "import sys, types\nsys.modules['webapi'] = types.ModuleType('webapi')\nsys.modules['webapi'].get = lambda: 7\nassert fetch() == 7\ndel sys.modules['webapi']"),
        "a module for a block": ("def fetch():\n    import webapi\n    return webapi.get()", "import sys\nfrom unittest import mock\nwith mock.patch.dict(sys.modules, {'webapi': mock.Mock(get=lambda: 7)}):\n    assert fetch() == 7"),
        "no module": ("import statistics\ndef mid(x):\n    return statistics.median(x)", "import sys\nassert 'statistics' in sys.modules and 'webapi' not in sys.modules\nassert sys.modules['statistics'].median([1, 2, 9]) == mid([1, 2, 9])"),
        "the environment": ("import os\ndef home():\n    return os.environ['PLACE']", "from unittest.mock import patch\nimport os\nwith patch.dict(os.environ, {'PLACE': 'here'}):\n    assert home() == 'here'"),
        "a magic that captures": ("def greet():\n    print('hi')", "from IPython.utils.io import capture_output\nwith capture_output() as out:\n    greet()\nassert out.stdout.strip() == 'hi'"),
    },
    "errors": {
        "a class of its own": ("class Empty(Exception):\n    pass\ndef first(xs):\n    if not xs:\n        raise Empty('nothing')\n    return xs[0]", "try:\n    first([])\nexcept Empty as error:\n    assert error.args == ('nothing',)\nelse:\n    raise AssertionError"),
        "a class of a locked cell": ("class Full(ValueError):\n    pass", "def add():\n    raise Full()", "try:\n    add()\nexcept Full:\n    pass\nelse:\n    raise AssertionError"),
        "its cause": ("def read():\n    try:\n        {}['a']\n    except KeyError as error:\n        raise ValueError('bad') from error", "try:\n    read()\nexcept ValueError as error:\n    assert isinstance(error.__cause__, KeyError)\nelse:\n    raise AssertionError"),
        "a warning": ("import warnings\ndef old():\n    warnings.warn('soon gone', DeprecationWarning)", "import warnings\nwith warnings.catch_warnings(record=True) as seen:\n    warnings.simplefilter('always')\n    old()\nassert seen[0].category is DeprecationWarning"),
        "unittest": ("def half(n):\n    if n % 2:\n        raise ValueError\n    return n // 2", "import unittest\ncase = unittest.TestCase()\ncase.assertEqual(half(4), 2)\nwith case.assertRaises(ValueError):\n    half(3)"),
        "its very class": ("def fail():\n    return [][1]", "try:\n    fail()\nexcept Exception as error:\n    assert type(error) is IndexError\nelse:\n    raise AssertionError"),
        "abstract": ("from abc import ABC, abstractmethod\nclass Tool(ABC):\n    @abstractmethod\n    def use(self): ...", "try:\n    Tool()\n    raise AssertionError\nexcept TypeError:\n    pass"),
    },
    "files": {
        "read by the test": ("def cities(path):\n    with open(path) as file:\n        return file.read().split()", "assert cities('cities.txt') == open('cities.txt').read().split()"),
        "read by a locked cell": ("cities = open('cities.txt').read().split()", "first = sorted(cities)[0]", "assert first == sorted(cities)[0]"),
        "written by the answer": ("with open('report.txt', 'w') as file:\n    file.write('done')", "assert open('report.txt').read() == 'done'"),
        "there at all": ("from pathlib import Path\nPath('made').mkdir()", "from pathlib import Path\nassert Path('made').is_dir()"),
        "a module of the course's": ("def third(x):\n    return x / 3", "from rounding import near\nassert near(third(1), 0.333)"),
        "a module in a locked cell": ("import rounding", "def third(x):\n    return x / 3", "assert rounding.near(third(1), 0.333)"),
        "a module of the answer's": ("%%writefile sums.py\ndef add(a, b):\n    return a + b", "from sums import add\nassert add(1, 2) == 3"),
        "written by a function": ("import json\ndef save(data, path):\n    with open(path, 'w') as file:\n        json.dump(data, file)", "import json\nsave([1, 2], 'saved.json')\nassert json.load(open('saved.json')) == [1, 2]"),
        "written by the test": ("def lines(path):\n    return len(open(path).readlines())", "with open('three.txt', 'w') as file:\n    file.write('a\\nb\\nc\\n')\nassert lines('three.txt') == 3"),
        "in a folder of the course's": ("def size(path):\n    return len(open(path).read())", "assert size('data/small.txt') == 5"),
        "by a line for the shell": ("open('mine.txt', 'w').close()", "found = !ls mine.txt\nassert found == ['mine.txt']"),
        "a database": ("import sqlite3\nbase = sqlite3.connect('shop.db')\nbase.execute('create table t (n int)')\nbase.execute('insert into t values (4)')\nbase.commit()", "import sqlite3\nassert sqlite3.connect('shop.db').execute('select n from t').fetchone() == (4,)"),
    },
    "names": {
        "data of a test's": ("*", "def plus(n):\n    return n + 1", "numbers = [4, 1]\nassert plus(1) == 2", "largest = max(numbers)", "assert largest == 4"),
        "a rate of a test's": ("def cost(n):\n    return n * rate", "rate = 3\nassert cost(2) == 6"),
        "two rates in turn": ("def cost(n):\n    return n * rate", "rate = 3\nassert cost(2) == 6\nrate = 4\nassert cost(2) == 8"),
        "an import of a test's": ("*", "def plus(n):\n    return n + 1", "import math\nassert plus(1) == 2", "root = math.sqrt(16)", "assert root == 4"),
        "a helper of a test's": ("*", "a = 1", "def twice(n):\n    return 2 * n\nassert a == 1", "b = twice(a)", "assert b == 2"),
        "by a string": ("q1, q2 = 3, 4", "for number, name in enumerate(['q1', 'q2'], 3):\n    assert globals()[name] == number"),
        "in the list of names": ("import json", "assert 'json' in dir()"),
        "in the shell": ("a = 5", "assert get_ipython().user_ns['a'] == 5"),
        "evaluated": ("q1 = 3", "assert eval('q' + str(1)) == 3"),
        "of the main module": ("def f():\n    return 8", "import __main__ as notebook\nassert notebook.f() == 8"),
        "an import that is the exercise": ("from math import gcd as common", "assert common(12, 18) == 6"),
        "a global that moves": ("moves = 0\ndef move():\n    global moves\n    moves += 1", "move()\nmove()\nassert moves == 2"),
        "from test to test": ("*", "stock = []\ndef put(n):\n    stock.append(n)\n    return len(stock)", "assert put(1) == 1", "pass", "assert put(1) == 2"),
        "one of the test's own": ("def f():\n    return helper()", "def helper():\n    return 6\nassert f() == 6"),
    },
    "values": {
        "a decimal": ("from decimal import Decimal\nx = Decimal('0.10')", "from decimal import Decimal\nassert x == Decimal('0.1') and isinstance(x, Decimal)"),
        "a fraction": ("from fractions import Fraction\nx = Fraction(2, 6)", "assert x.numerator == 1 and x * 3 == 1"),
        "a date": ("import datetime\nx = datetime.date(2024, 2, 29)", "import datetime\nassert x + datetime.timedelta(days=1) == datetime.date(2024, 3, 1)"),
        "a path": ("from pathlib import Path\nx = Path('data') / 'small.txt'", "assert x.name == 'small.txt' and x.suffix == '.txt'"),
        "a counter": ("from collections import Counter\nx = Counter('banana')", "assert x['a'] == 3 and x.most_common(1) == [('a', 3)] and x['z'] == 0"),
        "an ordered dict": ("from collections import OrderedDict\nx = OrderedDict(b=1, a=2)", "assert list(x) == ['b', 'a'] and x.popitem() == ('a', 2)"),
        "a default dict": ("from collections import defaultdict\nx = defaultdict(list)\nx['a'].append(1)", "assert x['b'] == [] and x['a'] == [1]"),
        "a deque": ("from collections import deque\nx = deque([1, 2], maxlen=2)", "x.append(3)\nassert list(x) == [2, 3]"),
        "a named tuple": ("from collections import namedtuple\nSpot = namedtuple('Spot', 'row column')\nx = Spot(1, 2)", "assert x.row == 1 and x == (1, 2) and x._fields == ('row', 'column')"),
        "a string of its own": ("class Word(str):\n    pass\nx = Word('ab')", "assert x == 'ab' and x.upper() == 'AB'"),
        "no number": ("x = float('nan')", "assert x != x"),
        "a pattern": ("import re\nx = re.compile('[0-9]+')", "assert x.findall('a1b22') == ['1', '22'] and x.pattern == '[0-9]+'"),
        "a match": ("import re\nx = re.match('(a)(b)', 'ab')", "assert x and x.group(2) == 'b'"),
        "an iterator": ("x = iter([1, 2])", "assert next(x) == 1 and list(x) == [2]"),
        "a partial": ("from functools import partial\nx = partial(pow, 2)", "assert x(5) == 32 and x.func is pow"),
        "a cache": ("from functools import lru_cache\n@lru_cache\ndef fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)", "assert fib(30) == 832040 and fib.cache_info().currsize > 20"),
        "a context": ("from contextlib import contextmanager\nseen = []\n@contextmanager\ndef room():\n    seen.append('in')\n    yield 4\n    seen.append('out')", "with room() as number:\n    assert number == 4\nassert seen == ['in', 'out']"),
        "a coroutine": ("async def wait():\n    return 4", "import inspect\nassert inspect.iscoroutinefunction(wait)"),
    },
    "cells": {
        "nothing in the test": ("x = 1", ""),
        "only a comment": ("x = 1", "# looked at by a person"),
        "points by the last value": ("x = 1", "earned = 0.0\nif x == 1:\n    earned += 1\nearned"),
        "a warning on stderr": ("x = 1", "import sys\nprint('careful', file=sys.stderr)\nassert x == 1"),
        "a magic that times": ("def f():\n    return 1", "%timeit -n1 -r1 f()\nassert f() == 1"),
        "a cell that times": ("def f():\n    return 1", "%%time\nassert f() == 1"),
        "a cell whose output is captured": ("def f():\n    return 1", "%%capture\nassert f() == 1"),
        "a cell whose output has a name": ("def f():\n    print('hi')\n    return 1", "%%capture seen\nassert f() == 1"),
        "a script that the test runs": ("def f():\n    return 1", "import pathlib\npathlib.Path('judge.py').write_text('assert f() == 1')\n%run -i judge.py"),
        "a cell in the test's cell": ("def f():\n    return 1", "get_ipython().run_cell('assert f() == 1');"),
        "a module bound anew": ("*", "import math\ndef root(n):\n    return math.sqrt(n)", "import math\nassert root(4) == 2", "def other(n):\n    return n", "assert other(1) == 1"),
        "a long sum of seconds": ("def f(n):\n    return n * (n + 1) // 2", "import time\nbegin = time.perf_counter()\nf(10 ** 6)\nassert time.perf_counter() - begin < 20"),
    },
}  # fmt: skip
HEAVY: dict[str, dict[str, Exercise]] = {
    "tables": {
        "length": (FRAME, "dear = shop[shop.price > 3]", "assert len(dear) == 2"),
        "kind": (FRAME, "dear = shop[shop.price > 3]", "assert isinstance(dear, pd.DataFrame)"),
        "columns": (FRAME, "named = shop.rename(columns={'price': 'cost'})", "assert named.columns.tolist() == ['item', 'cost'] and 'cost' in named"),
        "equal": (FRAME, "same = shop.copy()", "assert same.equals(shop) and shop.equals(same)"),
        "equal by pandas": (FRAME, "total = shop.groupby('item').price.sum()", "pd.testing.assert_series_equal(total, shop.groupby('item').price.sum())"),
        "handed over": (FRAME, "def dearest(table):\n    return table.loc[table.price.idxmax(), 'item']", "assert dearest(shop) == 'ink' and dearest(pd.DataFrame({'item': ['a'], 'price': [1]})) == 'a'"),
        "given back": (FRAME, "def clean(table):\n    return table.dropna()", "assert clean(pd.DataFrame({'a': [1, None]})).shape == (1, 1)"),
        "calculated with": (FRAME, "price = shop['price']", "assert ((price - shop['price']).abs() < 1e-9).all()"),
        "filtered by the test": (FRAME, "table = shop.copy()", "assert table[table['price'] > 3]['item'].tolist() == ['ink', 'pen']"),
        "an index": (FRAME, "by_item = shop.set_index('item')", "assert by_item.index.name == 'item' and by_item.loc['ink', 'price'] == 5"),
        "bound anew by the test": ("*", FRAME + "\ndef total():\n    return int(shop.price.sum())", "import pandas as pd\nshop = pd.DataFrame({'item': ['x'], 'price': [9]})\nassert total() == 9", "four = 4", "assert four == 4"),
        "read from a file": ("import pandas as pd\nprices = pd.read_csv('prices.csv')", "assert prices['price'].sum() == 7"),
        "a moment": ("import pandas as pd\nwhen = pd.Timestamp('2024-02-29')", "assert when.year == 2024 and when == pd.Timestamp('2024-02-29')"),
        "counted": (FRAME, "counts = shop['item'].value_counts()", "assert counts['pen'] == 2 and counts.to_dict() == {'pen': 2, 'ink': 1}"),
    },
    "numbers": {
        "a scalar": ("import numpy as np\nx = np.float64(2.5)", "import numpy as np\nassert isinstance(x, np.floating) and x == 2.5"),
        "seeded by the test": ("import numpy as np\ndef draw():\n    return np.random.normal(size=3)", "import numpy as np\nnp.random.seed(4)\none = draw()\nnp.random.seed(4)\nassert np.allclose(one, np.random.normal(size=3))"),
        "a generator handed over": ("def draw(rng):\n    return rng.integers(0, 9, 4)", "import numpy as np\nassert (draw(np.random.default_rng(2)) == np.random.default_rng(2).integers(0, 9, 4)).all()"),
        "a masked array": ("import numpy as np\nx = np.ma.masked_less(np.array([1, 5]), 2)", "assert x.mask.tolist() == [True, False]"),
        "fields": ("import numpy as np\nx = np.array([(1, 2.0)], dtype=[('a', int), ('b', float)])", "assert x['b'][0] == 2.0 and x.dtype.names == ('a', 'b')"),
    },
    "estimators": {
        "kind": (LINE, "from sklearn.linear_model import LinearRegression\nmodel = LinearRegression().fit(X, y)", "from sklearn.base import BaseEstimator\nassert isinstance(model, BaseEstimator)"),
        "score": (LINE, "from sklearn.linear_model import LinearRegression\nmodel = LinearRegression().fit(X, y)", "assert model.score(X, y) > 0.99 and abs(model.coef_[0] - 3) < 1e-6"),
        "cross-validated": (LINE, "from sklearn.linear_model import Ridge\nmodel = Ridge()", "from sklearn.model_selection import cross_val_score\nassert len(cross_val_score(model, X, y, cv=2)) == 2"),
        "fitted": (LINE, "from sklearn.linear_model import Ridge\nmodel = Ridge().fit(X, y)", "from sklearn.utils.validation import check_is_fitted\ncheck_is_fitted(model)"),
        "handed over": (LINE, "def spread(model, X):\n    return float(np.ptp(model.predict(X)))", "from sklearn.dummy import DummyRegressor\nassert spread(DummyRegressor().fit(X, y), X) == 0"),
        "steps": (LINE, "from sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler\nmodel = make_pipeline(StandardScaler())", "assert list(model.named_steps) == ['standardscaler']"),
    },
    "pictures": {
        "a title": (AXES, "figure, axes = plt.subplots()\naxes.set_title('Sales')", "assert axes.get_title() == 'Sales'"),
        "its lines": (AXES, "figure, axes = plt.subplots()\naxes.plot([1, 2], [3, 5])", "assert list(axes.lines[0].get_ydata()) == [3, 5]"),
        "handed over": (AXES, "def draw(axes):\n    axes.bar(['a', 'b'], [1, 2])", "figure, axes = plt.subplots()\ndraw(axes)\nassert len(axes.patches) == 2"),
        "the current one": (AXES, "plt.figure()\nplt.plot([1, 2])\nplt.xlabel('days')", "assert plt.gca().get_xlabel() in ('days', '')"),
        "given back": (AXES, "def draw():\n    return plt.subplots()[1]", "assert isinstance(draw(), plt.Axes)"),
        "compared": (AXES, "figure, axes = plt.subplots(1, 2)\nright = axes[1]", "assert right is axes[-1]"),
    },
}  # fmt: skip
GIVEN = frozenset({"nothing in the test", "only a comment", "the current one"})


def table() -> str:
    """All of them by kind, as docs/grading.md shows them."""
    kinds = {**LIGHT, **HEAVY}
    rows = [f"| {kind} | {', '.join(members)} |" for kind, members in kinds.items()]
    return "\n".join(["| kind | known to work |", "|---|---|", *rows])
