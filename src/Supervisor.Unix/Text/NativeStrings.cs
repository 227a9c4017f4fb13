using System.Runtime.InteropServices;

namespace Supervisor.Unix;

/// <summary>An argv or envp: zero-terminated strings and the null that ends the list, in one block of unmanaged memory.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private byte** _block;

    internal NativeStrings(IReadOnlyList<byte[]> encoded)
    {
        Count = encoded.Count;
        var table = (encoded.Count + 1) * sizeof(byte*);
        var size = table;
        foreach (var text in encoded)
        {
            size += text.Length;
        }

        _block = (byte**)NativeMemory.Alloc((nuint)size);
        var next = (byte*)_block + table;
        for (var i = 0; i < encoded.Count; i++)
        {
            _block[i] = next;
            encoded[i].CopyTo(new Span<byte>(next, encoded[i].Length));
            next += encoded[i].Length;
        }

        _block[encoded.Count] = null;
    }

    /// <summary>Throws PosixException(EINVAL) for a text with a zero inside.</summary>
    internal static NativeStrings Of(IEnumerable<string> texts) => new(texts.Select(OsText.Encode).ToList());

    internal byte** Pointer => _block;

    internal int Count { get; }

    public void Dispose()
    {
        NativeMemory.Free(_block);
        _block = null;
    }
}
