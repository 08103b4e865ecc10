// For a test that looks at what a child is given.
console.log(JSON.stringify(process.env));
