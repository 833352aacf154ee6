using System.Collections.Immutable;

namespace ILGpuMobileNet.Host.Comparison;

/// <summary>
/// Lays the layers of two sides beside each other, by their names and by what they hold. Values tell what names cannot:
/// a convolution that has a normalisation folded into it gives what the normalisation gives on the other side, and what
/// one framework calls a layer another calls otherwise, or has no name for.
/// </summary>
internal sealed class ActivationAlignment
{
    /// <summary>Digits from which on two arrays are alike: those of layers that have nothing in common agree in fewer.</summary>
    private const double AlikeDigits = 2;

    /// <summary>Digits from which on two arrays are the same but for rounding.</summary>
    private const double SameDigits = 4;

    /// <summary>What a name is worth beside digits: less than those between a layer's output and its input.</summary>
    private const double NameDigits = 1;

    /// <summary>Beyond that many pairs names alone count.</summary>
    private const long MostCells = 1 << 22;

    private readonly Side _a;
    private readonly Side _b;
    private readonly int[] _nameOfA;
    private readonly int[] _nameOfB;
    private readonly int[] _pairOfA;
    private readonly int[] _pairOfB;

    /// <summary>Lays out two sides.</summary>
    /// <param name="a">Layers of one side, in their order.</param>
    /// <param name="b">Layers of the other side, in their order.</param>
    public ActivationAlignment(Side a, Side b)
    {
        (_a, _b) = (a, b);
        (_nameOfA, _nameOfB) = (None(a.Count), None(b.Count));
        (_pairOfA, _pairOfB) = (None(a.Count), None(b.Count));
        foreach (var (first, second) in ActivationNames.Common(a.Entries, b.Entries))
        {
            (_nameOfA[first], _nameOfB[second]) = (second, first);
        }
        if ((long)a.Count * b.Count <= MostCells)
        {
            PairInOrder();
            PairTheSame();
        }
        PairNames();
        IsByName = 2 * _nameOfA.Count(place => place >= 0) >= Math.Min(a.LayerCount, b.LayerCount);
        if (!IsByName)
        {
            PairWhereSidesPart();
        }
    }

    /// <summary>Whether most layers of the side that has fewer have a name in common with one of the other side.</summary>
    public bool IsByName { get; }

    /// <summary>The pairs, as places on both sides, in the order of the first.</summary>
    public IEnumerable<(int A, int B)> Pairs =>
        _pairOfA.Index().Where(pair => pair.Item >= 0).Select(pair => (pair.Index, pair.Item));

    private static int[] None(int count)
    {
        var places = new int[count];
        Array.Fill(places, -1);
        return places;
    }

    /// <summary>What it is worth to pair two layers; 0 where they are no pair.</summary>
    private double Worth(int a, int b)
    {
        var isNamed = _nameOfA[a] == b;
        // Of two layers with partners of their own, neither is the other's.
        if ((!isNamed && _nameOfA[a] >= 0 && _nameOfB[b] >= 0) || _a.Sizes[a] != _b.Sizes[b])
        {
            return 0;
        }
        var digits = Digits(a, b);
        return digits < AlikeDigits ? 0
            : isNamed ? digits + NameDigits
            : digits;
    }

    private double Digits(int a, int b) => _a.Digests[a].DigitsWith(_b.Digests[b]);

    private void Pair(int a, int b) => (_pairOfA[a], _pairOfB[b]) = (b, a);

    /// <summary>Of all pairings that keep the order of both sides, the one that is worth most; of such the earliest.</summary>
    private void PairInOrder()
    {
        var width = _b.Count + 1;
        var worths = new double[_a.Count, _b.Count];
        var best = new double[_a.Count + 1, width];
        for (var a = _a.Count - 1; a >= 0; a--)
        {
            for (var b = _b.Count - 1; b >= 0; b--)
            {
                worths[a, b] = Worth(a, b);
                var skipping = Math.Max(best[a + 1, b], best[a, b + 1]);
                best[a, b] = Math.Max(skipping, worths[a, b] > 0 ? worths[a, b] + best[a + 1, b + 1] : 0);
            }
        }
        for (var (a, b) = (0, 0); a < _a.Count && b < _b.Count; )
        {
            if (worths[a, b] > 0 && best[a, b] == worths[a, b] + best[a + 1, b + 1])
            {
                Pair(a++, b++);
            }
            else if (best[a, b] == best[a, b + 1])
            {
                b++;
            }
            else
            {
                a++;
            }
        }
    }

    /// <summary>Layers that are the same in whatever order they ran, as those of parallel branches.</summary>
    private void PairTheSame()
    {
        foreach (var a in Unpaired(_pairOfA))
        {
            var others = Unpaired(_pairOfB).Where(b => Worth(a, b) >= SameDigits).ToList();
            if (others.Count > 0)
            {
                Pair(a, others.MaxBy(b => Worth(a, b)));
            }
        }
    }

    private void PairNames()
    {
        foreach (var a in Unpaired(_pairOfA))
        {
            if (_nameOfA[a] is >= 0 and var b && _pairOfB[b] < 0)
            {
                Pair(a, b);
            }
        }
    }

    /// <summary>
    /// Layers that are alike no longer, from a pair on behind which the sides part: those of a shape in their order.
    /// Before a pair that is the same nothing has parted: what has no partner there, one side alone has.
    /// </summary>
    private void PairWhereSidesPart()
    {
        var (fromA, fromB) = (0, 0);
        foreach (var (a, b) in Ordered().Append((A: _a.Count, B: _b.Count)))
        {
            if (a == _a.Count || Digits(a, b) < SameDigits)
            {
                PairSizes(
                    Unpaired(_pairOfA).FindAll(place => place >= fromA && place < a),
                    Unpaired(_pairOfB).FindAll(place => place >= fromB && place < b)
                );
            }
            (fromA, fromB) = (a, b);
        }
    }

    /// <summary>The pairs behind all pairs before them on both sides.</summary>
    private List<(int A, int B)> Ordered()
    {
        var last = -1;
        var ordered = new List<(int, int)>();
        foreach (var (a, b) in Pairs)
        {
            if (b > last)
            {
                ordered.Add((a, b));
                last = b;
            }
        }
        return ordered;
    }

    // The first of a shape are the first that differ, however many follow on one side.
    private void PairSizes(List<int> a, List<int> b)
    {
        foreach (var group in a.GroupBy(place => _a.Sizes[place]))
        {
            var (first, second) = (group.ToList(), b.FindAll(place => _b.Sizes[place] == group.Key));
            if (first.Count != second.Count)
            {
                first.RemoveAll(place => _a.Entries[place].IsArithmetic);
                second.RemoveAll(place => _b.Entries[place].IsArithmetic);
            }
            foreach (var (one, other) in first.Zip(second))
            {
                Pair(one, other);
            }
        }
    }

    private static List<int> Unpaired(int[] pairs) =>
        [.. pairs.Index().Where(pair => pair.Item < 0).Select(pair => pair.Index)];

    /// <summary>The layers of a side.</summary>
    /// <param name="Entries">The layers.</param>
    /// <param name="Digests">What they hold.</param>
    internal sealed record Side(ImmutableArray<ActivationEntry> Entries, ImmutableArray<ActivationDigest> Digests)
    {
        /// <summary>How many they are.</summary>
        public int Count => Entries.Length;

        /// <summary>How many they are without sums, products and moves of channels.</summary>
        public int LayerCount => Entries.Count(entry => !entry.IsArithmetic);

        /// <summary>The axes of an image in falling order, so that channels may lie first or last.</summary>
        public ImmutableArray<string> Sizes { get; } = [.. Entries.Select(SizeOf)];

        private static string SizeOf(ActivationEntry entry) =>
            entry.Axes.IsEmpty
                ? ""
                : $"{entry.Axes[0]}: {string.Join('x', entry.Axes[1..].Where(axis => axis > 1).OrderDescending())}";
    }
}
